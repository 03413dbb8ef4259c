import KafkaWire

enum ApiVersionsAnswer: Answering {
    typealias API = ApiVersions

    static func begin(
        _ request: IncomingRequest, _ reader: inout WireReader, _ service: KafkaService, _ reply: Reply
    ) throws(WireError) -> (@Sendable () -> Void)? {
        let exchange = Exchange<ApiVersions>(request, service, reply)
        if ApiVersions.versions.contains(request.header.version) {
            answer(try ApiVersions.decodeRequest(from: &reader, version: request.header.version), exchange)
        } else {
            exchange.respondUnsupportedVersion()
        }
        return nil
    }

    static func answer(_ request: ApiVersions.Request, _ exchange: Exchange<ApiVersions>) {
        exchange.respond(Answers.offered.apiVersions)
    }
}
