internal import CRdKafka

/// What a Kafka server or the way to it refused: a code to switch on, a sentence with the values, and what to do about it.
///
/// Values of properties never appear in it: some of them are passwords.
package struct KafkaClientError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// No server answers there, or not in time.
        case unreachable
        /// A password, a certificate or a right.
        case refused
        /// A client property that does not exist or cannot have that value.
        case property
        /// A topic, partition or group that the server does not have.
        case notFound
        case topicExists
        /// The server takes the request for wrong: a name, a setting, a number.
        case invalid
        /// The offset is not, or not any more, in the partition.
        case offsetOutOfRange
        /// A record is larger than the topic, or the client, takes.
        case tooLarge
        /// The group has members, or is about to have others. The same request may succeed later.
        case busy
        /// The server's disk failed or is full.
        case storage
        /// Records that are damaged on the server.
        case damaged
        /// The server, or the library, does not know the request.
        case unsupported
        /// The caller has called it off.
        case cancelled
        /// Anything else the server says.
        case server
    }

    package let code: Code
    /// Kafka's number of the error; negative for those of the client itself.
    package let responseCode: Int32
    package let message: String
    package let remedy: String

    package init(_ code: Code, responseCode: Int32 = 0, _ message: String, remedy: String) {
        self.code = code
        self.responseCode = responseCode
        self.message = message
        self.remedy = remedy
    }

    package var description: String { remedy.isEmpty ? message : "\(message) \(remedy)" }

    /// - Parameters:
    ///   - what: was being done, without a full stop.
    ///   - said: the server's or the library's own words, which say more than the number.
    init(_ what: String, _ response: rd_kafka_resp_err_t, said: String? = nil) {
        let known = String(cString: rd_kafka_err2str(response))
        let reason = said.flatMap { $0.isEmpty ? nil : $0 } ?? known
        let (code, remedy) = ResponseMeaning.of(response)
        // One line, whatever the server sends.
        let line = String("\(what): \(reason)".map { $0.isNewline ? " " : $0 })
        self.init(
            code, responseCode: response.rawValue, line.hasSuffix(".") ? line : line + ".", remedy: remedy)
    }

    static let cancelled = KafkaClientError(.cancelled, "It was called off.", remedy: "")
}
