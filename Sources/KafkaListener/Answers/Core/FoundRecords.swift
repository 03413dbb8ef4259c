import EdgeBroker
import KafkaWire
import LogStore
import RecordFormat

/// What there is to answer to a fetch at one moment.
struct FoundRecords: Sendable {
    private(set) var response = Fetch.Response()
    /// Of each partition, in the order of the response.
    private(set) var records: [[LogSlice]] = []
    /// Behind what was found, where more would come.
    private(set) var ends: [(partition: TopicPartition, offset: Offset)] = []
    /// The partitions of ``ends``: one that is named a thousand times is waited for once.
    private var awaited: Set<TopicPartition> = []
    private var bytes = 0
    private var hasError = false
    /// There is more than fits.
    private var hasMore = false

    /// An error is told at once, and so is what fills an answer, however many bytes the client would wait for.
    func isEnough(for request: Fetch.Request) -> Bool {
        hasError || hasMore || bytes >= Int(request.minBytes) || ends.isEmpty
    }

    /// Those that a request names and that are known by name.
    static func partitions(of request: Fetch.Request, _ exchange: Exchange<Fetch>) -> [TopicPartition] {
        request.topics.flatMap { topic -> [TopicPartition] in
            let name =
                exchange.version >= 13
                ? exchange.service.broker.servedTopic(id: topic.topicID.bytes)?.name : topic.topic
            return name.map { name in
                topic.partitions.map { TopicPartition(topic: name, partition: $0.partition) }
            } ?? []
        }
    }

    init(_ request: Fetch.Request, _ exchange: Exchange<Fetch>) {
        let broker = exchange.service.broker
        var bytesLeft = min(max(0, Int(request.maxBytes)), exchange.service.configuration.mostFetchBytes)
        response.responses = request.topics.map { topic in
            let name = exchange.version >= 13 ? broker.servedTopic(id: topic.topicID.bytes)?.name : topic.topic
            return Fetch.Response.Topic {
                $0.topic = topic.topic
                $0.topicID = topic.topicID
                $0.partitions = topic.partitions.map { wanted in
                    var found = Fetch.Response.Topic.Partition()
                    found.partitionIndex = wanted.partition
                    found.records = RecordsRange(count: 0)
                    var slices: [LogSlice] = []
                    if let name {
                        let partition = TopicPartition(topic: name, partition: wanted.partition)
                        slices = Self.look(
                            for: wanted, in: partition, isCommitted: request.isolationLevel == 1, bytesLeft,
                            isFirst: bytes == 0, &found, broker)
                        if found.errorCode == .none {
                            let next = slices.last?.nextOffset ?? Offset(wanted.fetchOffset)
                            let end =
                                request.isolationLevel == 1 ? found.lastStableOffset : found.highWatermark
                            hasMore = hasMore || next < Offset(end)
                            if awaited.insert(partition).inserted { ends.append((partition, max(next, Offset(end)))) }
                        }
                    } else {
                        found.errorCode = .unknownTopicID
                    }
                    let count = slices.reduce(0) { $0 + $1.length }
                    found.records = RecordsRange(count: count)
                    bytes += count
                    bytesLeft -= count
                    hasError = hasError || found.errorCode != .none
                    records.append(slices)
                    return found
                }
            }
        }
    }

    private static func look(
        for wanted: Fetch.Request.Topic.Partition, in partition: TopicPartition, isCommitted: Bool, _ bytesLeft: Int,
        isFirst: Bool, _ found: inout Fetch.Response.Topic.Partition, _ broker: Broker
    ) -> [LogSlice] {
        do throws(BrokerError) {
            let view = try broker.view(of: partition)
            found.highWatermark = view.highWatermark.rawValue
            found.logStartOffset = view.logStart.rawValue
            let known = try broker.lastStableOffset(of: partition)
            if isCommitted, known == nil {
                // The disk would not tell what is committed. Clients ask again.
                found.errorCode = .kafkaStorageError
                return []
            }
            let stable = known ?? view.highWatermark
            found.lastStableOffset = stable.rawValue
            if wanted.currentLeaderEpoch >= 0, wanted.currentLeaderEpoch != view.leaderEpoch {
                found.errorCode =
                    wanted.currentLeaderEpoch < view.leaderEpoch ? .fencedLeaderEpoch : .unknownLeaderEpoch
                return []
            }
            let offset = Offset(wanted.fetchOffset)
            if offset < view.logStart || offset > view.highWatermark {
                found.errorCode = .offsetOutOfRange
                return []
            }
            let limit = isCommitted ? stable : view.highWatermark
            // The first batch goes out whole, whatever the limits are: a client would never get on (KIP-74).
            let most = max(isFirst ? 1 : 0, min(bytesLeft, Int(wanted.partitionMaxBytes)))
            if isCommitted { found.abortedTransactions = [] }
            if most <= 0 || offset >= limit { return [] }
            let slices = try broker.slices(of: partition, from: offset, upTo: limit, maxBytes: most)
            if isCommitted, let next = slices.last?.nextOffset {
                found.abortedTransactions =
                    try broker.abortedTransactions(in: partition, overlapping: offset..<next)
                    .map { aborted in
                        Fetch.Response.Topic.Partition.AbortedTransaction {
                            $0.producerID = aborted.producerID
                            $0.firstOffset = aborted.firstOffset.rawValue
                        }
                    }
            }
            return slices
        } catch {
            found.errorCode = ErrorCode(error)
            return []
        }
    }
}
