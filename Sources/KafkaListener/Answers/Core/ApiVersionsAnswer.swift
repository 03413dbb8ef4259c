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
        var response = Answers.offered.apiVersions
        response.finalizedFeaturesEpoch = 0
        response.finalizedFeatures = [
            ApiVersions.Response.FinalizedFeature {
                $0.name = groupVersion
                ($0.minVersionLevel, $0.maxVersionLevel) = (1, 1)
            }
        ]
        // Clients before version 4 do not take features that may be 0.
        if exchange.version >= 4 {
            response.supportedFeatures = [
                ApiVersions.Response.SupportedFeature {
                    $0.name = groupVersion
                    ($0.minVersion, $0.maxVersion) = (0, 1)
                }
            ]
        }
        exchange.respond(response)
    }

    /// 1: groups may speak the consumer protocol (KIP-848).
    private static let groupVersion = "group.version"
}
