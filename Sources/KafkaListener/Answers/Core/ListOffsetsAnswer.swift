import EdgeBroker
import KafkaWire
import RecordFormat

enum ListOffsetsAnswer: Answering {
    typealias API = ListOffsets

    /// What a client asks for instead of a time.
    private static let (end, start, largestTimestamp): (Int64, Int64, Int64) = (-1, -2, -3)

    static func answer(_ request: ListOffsets.Request, _ exchange: Exchange<ListOffsets>) {
        let isCommitted = request.isolationLevel == 1
        let names = request.topics.flatMap { topic in
            topic.partitions.map { TopicPartition(topic: topic.name, partition: $0.partitionIndex) }
        }
        StableOffsets.find(isCommitted ? names : [], exchange.service.broker) {
            respond(request, isCommitted, exchange)
        }
    }

    private static func respond(
        _ request: ListOffsets.Request, _ isCommitted: Bool, _ exchange: Exchange<ListOffsets>
    ) {
        let broker = exchange.service.broker
        exchange.respond { response in
            response.topics = request.topics.map { topic in
                ListOffsets.Response.Topic {
                    $0.name = topic.name
                    $0.partitions = topic.partitions.map { wanted in
                        let name = TopicPartition(topic: topic.name, partition: wanted.partitionIndex)
                        return look(for: wanted, in: name, isCommitted, broker)
                    }
                }
            }
        }
    }

    private static func look(
        for wanted: ListOffsets.Request.Topic.Partition, in name: TopicPartition, _ isCommitted: Bool,
        _ broker: Broker
    ) -> ListOffsets.Response.Topic.Partition {
        var found = ListOffsets.Response.Topic.Partition()
        found.partitionIndex = wanted.partitionIndex
        do throws(BrokerError) {
            let view = try broker.view(of: name)
            found.leaderEpoch = view.leaderEpoch
            switch wanted.timestamp {
            case end:
                if !isCommitted {
                    found.offset = view.highWatermark.rawValue
                } else if let stable = try broker.lastStableOffset(of: name) {
                    found.offset = stable.rawValue
                } else {
                    // The disk would not tell. Clients ask again.
                    found.errorCode = .kafkaStorageError
                }
            case start: found.offset = view.logStart.rawValue
            case largestTimestamp:
                if let last = try broker.newestRecord(of: name) {
                    (found.offset, found.timestamp) = (last.offset.rawValue, last.timestamp.millisecondsSince1970)
                }
            case 0...:
                let time = Timestamp(millisecondsSince1970: wanted.timestamp)
                if let first = try broker.firstRecord(of: name, atOrAfter: time) {
                    (found.offset, found.timestamp) = (first.offset.rawValue, first.timestamp.millisecondsSince1970)
                }
            default: found.errorCode = .unsupportedVersion
            }
        } catch {
            found.errorCode = ErrorCode(error)
        }
        return found
    }
}
