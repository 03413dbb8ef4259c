import EdgeBroker
import KafkaWire

enum CreateTopicsAnswer: Answering {
    typealias API = CreateTopics

    static func answer(_ request: CreateTopics.Request, _ exchange: Exchange<CreateTopics>) {
        let names = request.topics.map(\.name)
        Task {
            var response = CreateTopics.Response()
            for topic in request.topics {
                // Named twice, Kafka makes it not at all.
                let isUnique = names.filter { $0 == topic.name }.count == 1
                response.topics.append(
                    isUnique
                        ? await create(topic, validatesOnly: request.validateOnly, exchange.service)
                        : refusal(of: topic, .invalidRequest, "The topic is named more than once."))
            }
            exchange.respond(response)
        }
    }

    private static func create(
        _ topic: CreateTopics.Request.Topic, validatesOnly: Bool, _ service: KafkaService
    ) async -> CreateTopics.Response.Topic {
        let defaults = service.configuration.autoCreated ?? TopicConfiguration()
        if !topic.assignments.isEmpty, topic.numPartitions != -1 || topic.replicationFactor != -1 {
            return refusal(
                of: topic, .invalidRequest, "Both a number of partitions or replicas and an assignment are given.")
        }
        let replicas = topic.assignments.map(\.brokerIDs.count).max() ?? Int(topic.replicationFactor)
        if !service.configuration.clampsReplicationFactor, replicas > 1 {
            return refusal(
                of: topic, .invalidReplicationFactor, "There is one broker; \(replicas) replicas were asked for.")
        }
        if replicas == 0 || replicas < -1 {
            return refusal(of: topic, .invalidReplicationFactor, "A partition cannot have \(replicas) replicas.")
        }
        var count = topic.assignments.isEmpty ? topic.numPartitions : Int32(topic.assignments.count)
        if count == -1 { count = defaults.partitionCount }
        if !TopicConfiguration.partitionCounts.contains(count) {
            return refusal(of: topic, .invalidPartitions, "A topic cannot have \(count) partitions.")
        }
        do throws(BrokerError) {
            let configuration = try TopicConfiguration(
                partitionCount: count, settings: topic.configs.compactMap { one in one.value.map { (one.name, $0) } })
            if validatesOnly {
                try service.broker.admin.checkTopic(topic.name, configuration)
                return CreateTopics.Response.Topic {
                    $0.name = topic.name
                    ($0.numPartitions, $0.replicationFactor) = (count, 1)
                    $0.configs = Settings.created(configuration)
                }
            }
            let made = try await service.broker.admin.createTopic(topic.name, configuration)
            let id = service.broker.servedTopic(topic.name)?.id
            return CreateTopics.Response.Topic {
                $0.name = made.name
                if let id { $0.topicID = WireUUID(id) }
                ($0.numPartitions, $0.replicationFactor) = (Int32(made.partitions.count), 1)
                $0.configs = Settings.created(made.configuration)
            }
        } catch {
            return refusal(of: topic, ErrorCode(error), error.description)
        }
    }

    private static func refusal(
        of topic: CreateTopics.Request.Topic, _ error: ErrorCode, _ message: String
    ) -> CreateTopics.Response.Topic {
        CreateTopics.Response.Topic {
            $0.name = topic.name
            $0.errorCode = error
            $0.errorMessage = message
        }
    }
}
