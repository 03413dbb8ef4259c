import EdgeBroker
import KafkaWire

enum DescribeLogDirsAnswer: Answering {
    typealias API = DescribeLogDirs

    static func answer(_ request: DescribeLogDirs.Request, _ exchange: Exchange<DescribeLogDirs>) {
        let broker = exchange.service.broker
        let wanted = request.topics.map { topics in
            Dictionary(topics.map { ($0.topic, Set($0.partitions)) }, uniquingKeysWith: { $0.union($1) })
        }
        let topics = broker.admin.topics().filter { topic in wanted.map { $0[topic.name] != nil } ?? true }
        exchange.respond { response in
            response.results = [
                DescribeLogDirs.Response.Result { result in
                    result.logDir = broker.dataDirectory
                    let space = broker.diskSpace
                    result.totalBytes = space?.total ?? -1
                    result.usableBytes = space?.free ?? -1
                    result.topics = topics.map { topic in
                        DescribeLogDirs.Response.Result.Topic {
                            $0.name = topic.name
                            $0.partitions = topic.partitions
                                .filter { partition in
                                    wanted.map { $0[topic.name]?.contains(partition.index) ?? false } ?? true
                                }
                                .map { partition in
                                    DescribeLogDirs.Response.Result.Topic.Partition {
                                        $0.partitionIndex = partition.index
                                        $0.partitionSize = Int64(partition.sizeInBytes)
                                    }
                                }
                        }
                    }
                }
            ]
        }
    }
}
