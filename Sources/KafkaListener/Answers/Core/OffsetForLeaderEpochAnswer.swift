import EdgeBroker
import KafkaWire
import RecordFormat

enum OffsetForLeaderEpochAnswer: Answering {
    typealias API = OffsetForLeaderEpoch

    static func answer(_ request: OffsetForLeaderEpoch.Request, _ exchange: Exchange<OffsetForLeaderEpoch>) {
        // Which epochs there were is found in the log the first time.
        let isBegun = exchange.service.broker.beginReading { respond(request, exchange) }
        if !isBegun { exchange.close() }
    }

    private static func respond(_ request: OffsetForLeaderEpoch.Request, _ exchange: Exchange<OffsetForLeaderEpoch>) {
        let broker = exchange.service.broker
        exchange.respond { response in
            response.topics = request.topics.map { topic in
                OffsetForLeaderEpoch.Response.Topic {
                    $0.topic = topic.topic
                    $0.partitions = topic.partitions.map { wanted in
                        var found = OffsetForLeaderEpoch.Response.Topic.Partition()
                        found.partition = wanted.partition
                        do throws(BrokerError) {
                            let name = TopicPartition(topic: topic.topic, partition: wanted.partition)
                            if let end = try broker.end(ofLeaderEpoch: wanted.leaderEpoch, in: name) {
                                (found.leaderEpoch, found.endOffset) = (end.epoch, end.offset.rawValue)
                            }
                        } catch {
                            found.errorCode = ErrorCode(error)
                        }
                        return found
                    }
                }
            }
        }
    }
}
