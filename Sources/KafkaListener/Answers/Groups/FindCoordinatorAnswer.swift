import EdgeBroker
import KafkaWire

/// There is one broker, so it coordinates everything.
enum FindCoordinatorAnswer: Answering {
    typealias API = FindCoordinator

    /// Of a key: a group, a transactional id. Share groups are not offered.
    private static let knownTypes: ClosedRange<Int8> = 0...1

    static func answer(_ request: FindCoordinator.Request, _ exchange: Exchange<FindCoordinator>) {
        let (nodeID, endpoint) = (exchange.service.configuration.nodeID, exchange.service.advertised)
        let isKnown = knownTypes.contains(request.keyType)
        exchange.respond { response in
            if exchange.version < 4 {
                guard isKnown else {
                    response.errorCode = .invalidRequest
                    response.errorMessage = "Key type \(request.keyType) is not coordinated here."
                    return
                }
                (response.nodeID, response.host, response.port) = (nodeID, endpoint.host, Int32(endpoint.port))
                return
            }
            response.coordinators = request.coordinatorKeys.map { key in
                FindCoordinator.Response.Coordinator {
                    $0.key = key
                    guard isKnown else {
                        $0.nodeID = -1
                        $0.port = -1
                        $0.errorCode = .invalidRequest
                        return
                    }
                    ($0.nodeID, $0.host, $0.port) = (nodeID, endpoint.host, Int32(endpoint.port))
                }
            }
        }
    }
}
