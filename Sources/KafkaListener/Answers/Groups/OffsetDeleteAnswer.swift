import EdgeBroker
import KafkaWire
import RecordFormat

enum OffsetDeleteAnswer: Answering {
    typealias API = OffsetDelete

    static func answer(_ request: OffsetDelete.Request, _ exchange: Exchange<OffsetDelete>) {
        let partitions = request.topics.flatMap { topic in
            topic.partitions.map { TopicPartition(topic: topic.name, partition: $0.partitionIndex) }
        }
        exchange.service.broker.groups.deleteOffsets(request.groupID, partitions) { result in
            exchange.respond { response in
                switch result {
                case .failure(let error): response.errorCode = ErrorCode(error)
                case .success(let verdicts):
                    response.topics = request.topics.map { topic in
                        OffsetDelete.Response.Topic {
                            $0.name = topic.name
                            $0.partitions = topic.partitions.map { partition in
                                let name = TopicPartition(topic: topic.name, partition: partition.partitionIndex)
                                return OffsetDelete.Response.Topic.Partition {
                                    $0.partitionIndex = partition.partitionIndex
                                    $0.errorCode = ErrorCode(verdicts[name] ?? nil)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
