import EdgeBroker
import KafkaWire

enum DescribeTopicPartitionsAnswer: Answering {
    typealias API = DescribeTopicPartitions

    private static let mostPartitions: Int32 = 2000

    static func answer(_ request: DescribeTopicPartitions.Request, _ exchange: Exchange<DescribeTopicPartitions>) {
        let broker = exchange.service.broker
        let nodeID = exchange.service.configuration.nodeID
        let names =
            request.topics.isEmpty ? broker.servedTopics.map(\.name) : Set(request.topics.map(\.name)).sorted()
        var left = Int(max(1, min(request.responsePartitionLimit, mostPartitions)))
        var response = DescribeTopicPartitions.Response()
        for name in names where name >= request.cursor?.topicName ?? "" {
            let first = name == request.cursor?.topicName ? max(0, request.cursor?.partitionIndex ?? 0) : 0
            if left == 0 {
                response.nextCursor = cursor(name, first)
                break
            }
            guard let topic = broker.servedTopic(name) else {
                response.topics.append(
                    DescribeTopicPartitions.Response.Topic {
                        $0.name = name
                        $0.errorCode =
                            ServedTopic.isValid(name) ? .unknownTopicOrPartition : .invalidTopicException
                    })
                continue
            }
            let page = topic.partitions.filter { $0.index >= first }.prefix(left)
            left -= page.count
            response.topics.append(
                DescribeTopicPartitions.Response.Topic {
                    $0.name = name
                    $0.topicID = WireUUID(topic.id)
                    $0.isInternal = topic.isInternal
                    $0.topicAuthorizedOperations = AuthorizedOperations.topic
                    $0.partitions = page.map { partition in
                        DescribeTopicPartitions.Response.Topic.Partition {
                            $0.partitionIndex = partition.index
                            $0.leaderID = nodeID
                            $0.leaderEpoch = partition.leaderEpoch
                            $0.replicaNodes = [nodeID]
                            $0.isrNodes = [nodeID]
                        }
                    }
                })
            if let last = page.last, Int(last.index) + 1 < topic.partitions.count {
                response.nextCursor = cursor(name, last.index + 1)
                break
            }
        }
        exchange.respond(response)
    }

    private static func cursor(_ topic: String, _ partition: Int32) -> DescribeTopicPartitions.Response.Cursor {
        DescribeTopicPartitions.Response.Cursor {
            $0.topicName = topic
            $0.partitionIndex = partition
        }
    }
}
