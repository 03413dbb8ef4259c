import KafkaWire
import LogStore

/// How one of Kafka's APIs is answered.
protocol Answering: Sendable {
    associatedtype API: WireAPI

    /// Answers, now or later: each exchange exactly once.
    static func answer(_ request: API.Request, _ exchange: Exchange<API>)
    /// The same for answers that may wait for something which a client that has gone need not wait for.
    /// - Returns: what ends the wait.
    static func begin(_ request: API.Request, _ exchange: Exchange<API>) -> (@Sendable () -> Void)?
}

extension Answering {
    static func begin(_ request: API.Request, _ exchange: Exchange<API>) -> (@Sendable () -> Void)? {
        answer(request, exchange)
        return nil
    }

    static func begin(
        _ request: IncomingRequest, _ reader: inout WireReader, _ service: KafkaService, _ reply: Reply
    ) throws(WireError) -> (@Sendable () -> Void)? {
        let message = try API.decodeRequest(from: &reader, version: request.header.version)
        return begin(message, Exchange(request, service, reply))
    }
}

/// One request of an API on its way to its response.
struct Exchange<API: WireAPI>: Sendable {
    let request: IncomingRequest
    let service: KafkaService
    fileprivate let reply: Reply

    init(_ request: IncomingRequest, _ service: KafkaService, _ reply: Reply) {
        self.request = request
        self.service = service
        self.reply = reply
    }

    var version: Int16 { request.header.version }

    /// Answers. Not to be called twice.
    /// - Parameter records: for each record field of the response, in order, what is to be sent in it; as many bytes as the field says.
    func respond(_ response: API.Response, records: [[LogSlice]] = []) {
        do throws(WireError) {
            let frame = try API.encodeResponse(
                response, version: version, correlationID: request.header.correlationID)
            reply(.response(OutgoingResponse(frame: frame, records: records)))
        } catch {
            // Too long for the protocol. Without an answer the client asks again.
            reply(.refuse(error))
        }
    }

    /// The same with the fields that differ from an empty response.
    func respond(_ change: (inout API.Response) -> Void) {
        var response = API.Response()
        change(&response)
        respond(response)
    }

    func respondNothing() { reply(.nothing) }

    func close() { reply(.close) }
}

extension Exchange where API == ApiVersions {
    /// A client that asks in a version that we do not know reads the answer to version 0.
    func respondUnsupportedVersion() {
        do throws(WireError) {
            let frame = try ApiVersions.encodeResponse(
                .toUnsupportedVersion, version: 0, correlationID: request.header.correlationID)
            reply(.response(OutgoingResponse(frame: frame, records: [])))
        } catch {
            reply(.refuse(error))
        }
    }
}
