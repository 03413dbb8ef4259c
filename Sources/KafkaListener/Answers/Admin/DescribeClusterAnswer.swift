import EdgeBroker
import KafkaWire

enum DescribeClusterAnswer: Answering {
    typealias API = DescribeCluster

    /// What may be asked for; the controllers of Kafka are not reached by clients of a broker.
    private static let brokers: Int8 = 1

    static func answer(_ request: DescribeCluster.Request, _ exchange: Exchange<DescribeCluster>) {
        let (service, endpoint) = (exchange.service, exchange.service.advertised)
        exchange.respond { response in
            response.endpointType = request.endpointType
            guard request.endpointType == brokers else {
                response.errorCode = .mismatchedEndpointType
                response.errorMessage = "This is a broker."
                return
            }
            response.clusterID = service.broker.clusterID
            response.controllerID = service.configuration.nodeID
            response.brokers = [
                DescribeCluster.Response.Broker {
                    $0.brokerID = service.configuration.nodeID
                    $0.host = endpoint.host
                    $0.port = Int32(endpoint.port)
                }
            ]
            if request.includeClusterAuthorizedOperations {
                response.clusterAuthorizedOperations = AuthorizedOperations.cluster
            }
        }
    }
}
