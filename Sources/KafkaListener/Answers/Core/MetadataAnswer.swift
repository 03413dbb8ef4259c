import EdgeBroker
import KafkaWire

enum MetadataAnswer: Answering {
    typealias API = Metadata

    static func answer(_ request: Metadata.Request, _ exchange: Exchange<Metadata>) {
        let service = exchange.service
        let creates = request.allowAutoTopicCreation || exchange.version < 4
        let missing = (request.topics ?? []).compactMap(name).filter { service.broker.servedTopic($0) == nil }
        guard creates, let configuration = service.configuration.autoCreated, !missing.isEmpty else {
            return exchange.respond(response(to: request, exchange))
        }
        Task {
            for name in missing {
                do throws(BrokerError) {
                    try await service.broker.admin.createTopic(name, configuration)
                } catch {
                    // An invalid name, or no room: the answer says what there is, and why the name is not.
                    continue
                }
            }
            exchange.respond(response(to: request, exchange))
        }
    }

    private static func response(to request: Metadata.Request, _ exchange: Exchange<Metadata>) -> Metadata.Response {
        let service = exchange.service
        let endpoint = service.advertised
        var response = Metadata.Response()
        response.clusterID = service.broker.clusterID
        response.controllerID = service.configuration.nodeID
        response.brokers = [
            Metadata.Response.Broker {
                $0.nodeID = service.configuration.nodeID
                $0.host = endpoint.host
                $0.port = Int32(endpoint.port)
            }
        ]
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        if let topics = request.topics, !(exchange.version == 0 && topics.isEmpty) {
            response.topics = topics.map { topic(for: $0, request, exchange) }
        } else {
            response.topics = service.broker.servedTopics.map { describe($0, request, service) }
        }
        return response
    }

    /// `nil`: it is asked for by its id. Java's consumers leave the name empty then, not absent.
    private static func name(_ wanted: Metadata.Request.Topic) -> String? {
        wanted.topicID == .zero ? wanted.name : nil
    }

    private static func topic(
        for wanted: Metadata.Request.Topic, _ request: Metadata.Request, _ exchange: Exchange<Metadata>
    ) -> Metadata.Response.Topic {
        let service = exchange.service
        if let name = name(wanted) {
            if let topic = service.broker.servedTopic(name) { return describe(topic, request, service) }
            return Metadata.Response.Topic {
                $0.name = name
                $0.errorCode = ServedTopic.isValid(name) ? .unknownTopicOrPartition : .invalidTopicException
            }
        }
        if let topic = service.broker.servedTopic(id: wanted.topicID.bytes) { return describe(topic, request, service) }
        return Metadata.Response.Topic {
            // Ids were in the request before the answer could do without a name.
            $0.name = exchange.version < 12 ? "" : nil
            $0.topicID = wanted.topicID
            $0.errorCode = .unknownTopicID
        }
    }

    private static func describe(
        _ topic: ServedTopic, _ request: Metadata.Request, _ service: KafkaService
    ) -> Metadata.Response.Topic {
        Metadata.Response.Topic {
            $0.name = topic.name
            $0.topicID = WireUUID(topic.id)
            $0.isInternal = topic.isInternal
            if request.includeTopicAuthorizedOperations {
                $0.topicAuthorizedOperations = AuthorizedOperations.topic
            }
            $0.partitions = topic.partitions.map { partition in
                Metadata.Response.Topic.Partition {
                    $0.partitionIndex = partition.index
                    $0.leaderID = service.configuration.nodeID
                    $0.leaderEpoch = partition.leaderEpoch
                    $0.replicaNodes = [service.configuration.nodeID]
                    $0.isrNodes = [service.configuration.nodeID]
                }
            }
        }
    }
}

/// Bit masks of what a client may do, by the numbers of Kafka's `AclOperation`: everything, for whoever can connect.
enum AuthorizedOperations {
    private static let (read, write, create, delete, alter, describe) = (3, 4, 5, 6, 7, 8)
    private static let (clusterAction, describeConfigs, alterConfigs, idempotentWrite) = (9, 10, 11, 12)

    static let topic = mask([read, write, create, delete, alter, describe, describeConfigs, alterConfigs])
    static let group = mask([read, delete, describe])
    static let cluster = mask([create, alter, describe, clusterAction, describeConfigs, alterConfigs, idempotentWrite])

    private static func mask(_ operations: [Int]) -> Int32 { operations.reduce(0) { $0 | 1 << Int32($1) } }
}
