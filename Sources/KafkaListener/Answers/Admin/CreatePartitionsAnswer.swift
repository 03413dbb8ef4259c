import EdgeBroker
import KafkaWire

enum CreatePartitionsAnswer: Answering {
    typealias API = CreatePartitions

    static func answer(_ request: CreatePartitions.Request, _ exchange: Exchange<CreatePartitions>) {
        let broker = exchange.service.broker
        Task {
            var response = CreatePartitions.Response()
            for topic in request.topics {
                var result = CreatePartitions.Response.Result()
                result.name = topic.name
                let count = Int32(broker.servedTopic(topic.name)?.partitions.count ?? 0)
                if count == 0 {
                    result.errorCode = .unknownTopicOrPartition
                } else if topic.count <= count {
                    result.errorCode = .invalidPartitions
                    result.errorMessage = "The topic has \(count) partitions; \(topic.count) are not more."
                } else if let assignments = topic.assignments, assignments.count != Int(topic.count - count) {
                    result.errorCode = .invalidReplicaAssignment
                    result.errorMessage =
                        "\(topic.count - count) partitions are new, and \(assignments.count) assigned."
                } else if !request.validateOnly {
                    do throws(BrokerError) {
                        try await broker.admin.createPartitions(topic.name, total: topic.count)
                    } catch {
                        result.errorCode = error.code == .invalidConfiguration ? .invalidPartitions : ErrorCode(error)
                        result.errorMessage = error.description
                    }
                }
                response.results.append(result)
            }
            exchange.respond(response)
        }
    }
}
