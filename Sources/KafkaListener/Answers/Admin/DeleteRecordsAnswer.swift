import EdgeBroker
import KafkaWire
import RecordFormat

enum DeleteRecordsAnswer: Answering {
    typealias API = DeleteRecords

    /// Asks for the high watermark.
    private static let everything: Int64 = -1

    static func answer(_ request: DeleteRecords.Request, _ exchange: Exchange<DeleteRecords>) {
        let broker = exchange.service.broker
        Task {
            var response = DeleteRecords.Response()
            for topic in request.topics {
                var answer = DeleteRecords.Response.Topic()
                answer.name = topic.name
                for partition in topic.partitions {
                    var result = DeleteRecords.Response.Topic.Partition()
                    result.partitionIndex = partition.partitionIndex
                    result.lowWatermark = -1
                    do throws(BrokerError) {
                        let name = TopicPartition(topic: topic.name, partition: partition.partitionIndex)
                        let end =
                            partition.offset == everything
                            ? try broker.view(of: name).highWatermark : Offset(partition.offset)
                        result.lowWatermark = try await broker.admin.deleteRecords(name, below: end).rawValue
                    } catch {
                        result.errorCode = error.code == .invalidConfiguration ? .policyViolation : ErrorCode(error)
                    }
                    answer.partitions.append(result)
                }
                response.topics.append(answer)
            }
            exchange.respond(response)
        }
    }
}
