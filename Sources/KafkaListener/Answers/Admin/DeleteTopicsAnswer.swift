import EdgeBroker
import KafkaWire

enum DeleteTopicsAnswer: Answering {
    typealias API = DeleteTopics

    static func answer(_ request: DeleteTopics.Request, _ exchange: Exchange<DeleteTopics>) {
        let broker = exchange.service.broker
        let wanted =
            exchange.version < 6
            ? request.topicNames.map { name in DeleteTopics.Request.Topic { $0.name = name } } : request.topics
        Task {
            var response = DeleteTopics.Response()
            for topic in wanted {
                let known = topic.name.map { broker.servedTopic($0) } ?? broker.servedTopic(id: topic.topicID.bytes)
                var answer = DeleteTopics.Response.Topic()
                answer.name = topic.name ?? known?.name
                answer.topicID = known.map { WireUUID($0.id) } ?? topic.topicID
                if let known {
                    do throws(BrokerError) {
                        try await broker.admin.deleteTopic(known.name)
                    } catch {
                        (answer.errorCode, answer.errorMessage) = (ErrorCode(error), error.description)
                    }
                } else {
                    answer.errorCode = topic.name == nil ? .unknownTopicID : .unknownTopicOrPartition
                }
                response.responses.append(answer)
            }
            exchange.respond(response)
        }
    }
}
