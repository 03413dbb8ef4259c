import LogStore
import RecordFormat
import Synchronization

/// Which topics there are: the records of `__catalogue`, and what they say in memory.
///
/// What blocks says so; it runs on the committing thread.
final class TopicCatalogue: Sendable {
    let directory: LogDirectory
    private let wall: @Sendable () -> Timestamp
    private let random: @Sendable () -> UInt64
    private let topics = Mutex<[String: Topic]>([:])
    /// What opening found in the catalogue itself.
    let notes: [String]

    /// Reads the catalogue, making an empty one in a new log. Blocking.
    ///
    /// - Parameter wall: the calendar; the directory's own clock is that of append times.
    init(
        _ directory: LogDirectory, wall: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt64
    ) throws(BrokerError) {
        self.directory = directory
        self.wall = wall
        self.random = random
        let name = TopicPartition(topic: CatalogueRecord.topic, partition: 0)
        var isDamaged = directory.recovery.damages.contains { $0.partition == name }
        if directory.partition(name) == nil {
            // In a new log nothing was there before.
            isDamaged = isDamaged || !directory.partitions.isEmpty
            do throws(LogStoreError) {
                try directory.createPartitions(topic: name.topic, id: Identifier(random: random), count: 1)
            } catch {
                throw BrokerError(error)
            }
        }
        guard let catalogue = directory.partition(name) else { preconditionFailure("\(name) was just created") }
        directory.followSyncedEnd(catalogue)
        var policy = PartitionPolicy()
        policy.usesReserve = true
        directory.configure(catalogue, policy)
        var notes: [String] = []
        var found: [(String, CatalogueRecord)] = []
        try directory.forEachRecord(of: catalogue, upTo: catalogue.syncedEnd, damaged: { notes.append($0.message) }) {
            stored in
            guard let key = stored.record.key, let name = String(validating: key, as: UTF8.self),
                let value = stored.record.value,
                let record = CatalogueRecord(decoding: value)
            else {
                notes.append("\(CatalogueRecord.topic) offset \(stored.offset) is not a topic's description.")
                return
            }
            found.append((name, record))
        }
        isDamaged = isDamaged || !notes.isEmpty
        for (name, record) in found {
            let partitions = (0..<record.partitionCount).compactMap {
                directory.partition(TopicPartition(topic: name, partition: $0))
            }
            guard partitions.count == Int(record.partitionCount),
                partitions.allSatisfy({ $0.topicID == record.topicID })
            else {
                notes.append(
                    "Topic \(name) is not served: a partition's folder is missing or belongs to another topic.")
                continue
            }
            topics.withLock {
                $0[name] = Topic(
                    name: name, id: record.topicID, writer: record.writer, keeping: record.keeping,
                    partitions: partitions)
            }
        }
        var known = Set(topics.withLock { $0.values.flatMap { $0.partitions.map(\.topicPartition) } } + [name])
        if isDamaged {
            let unknown = directory.partitions.filter { !known.contains($0.topicPartition) }
            for topic in FoundTopics.among(unknown) where topics.withLock({ $0[topic.name] }) == nil {
                notes.append(
                    "Topic \(topic.name) was found by its folders; its description is lost, so it can be read and not written."
                )
                known.formUnion(topic.partitions.map(\.topicPartition))
                topics.withLock { $0[topic.name] = topic }
            }
        }
        for partition in directory.partitions where !known.contains(partition.topicPartition) {
            // The creation of a topic that was cut short before its record; nobody was told that it exists.
            if !directory.forgetIfEmpty(partition) {
                notes.append("\(partition.path) holds records of no known topic; it is left alone.")
            }
        }
        self.notes = notes
        for topic in all { start(topic) }
    }

    /// The calendar's time, for what the broker writes itself.
    var now: Timestamp { wall() }

    var all: [Topic] { topics.withLock { $0.values.sorted { $0.name < $1.name } } }

    func topic(_ name: String) -> Topic? { topics.withLock { $0[name] } }

    /// - Throws: `.unknownTopic`.
    func partition(_ name: TopicPartition) throws(BrokerError) -> Partition {
        try topic(of: name).partitions[Int(name.partition)]
    }

    /// The topic, which has that partition.
    /// - Throws: `.unknownTopic`.
    func topic(of name: TopicPartition) throws(BrokerError) -> Topic {
        guard let topic = topic(name.topic) else {
            throw BrokerError(
                .unknownTopic, "There is no topic \(name.topic.debugDescription).",
                remedy: "`edgebroker topic list` shows those that exist.")
        }
        guard name.partition >= 0, Int(name.partition) < topic.partitions.count else {
            throw BrokerError(
                .unknownTopic, "Topic \(name.topic) has no partition \(name.partition).",
                remedy: "Its partitions are 0 to \(topic.partitions.count - 1).")
        }
        return topic
    }

    /// Creates a topic; on return it survives a power cut. Blocking.
    ///
    /// - Throws: `.topicExists`, `.invalidConfiguration`, or what the disk refused: then the topic does not exist.
    func create(
        _ name: String, partitionCount: Int32, writer: TopicWriter, keeping: TopicKeeping
    ) throws(BrokerError) -> Topic {
        try Self.check(partitionCount, writer, keeping)
        if topic(name) != nil {
            throw BrokerError(.topicExists, "Topic \(name) exists already.", remedy: "Use it, or choose another name.")
        }
        let id = Identifier(random: random)
        do throws(LogStoreError) {
            try directory.createPartitions(topic: name, id: id, count: partitionCount)
        } catch {
            throw BrokerError(error)
        }
        try record(
            name, CatalogueRecord(topicID: id, partitionCount: partitionCount, writer: writer, keeping: keeping))
        let partitions = (0..<partitionCount).compactMap {
            directory.partition(TopicPartition(topic: name, partition: $0))
        }
        let topic = Topic(name: name, id: id, writer: writer, keeping: keeping, partitions: partitions)
        topics.withLock { $0[name] = topic }
        start(topic)
        return topic
    }

    private static func check(
        _ partitionCount: Int32, _ writer: TopicWriter, _ keeping: TopicKeeping
    ) throws(BrokerError) {
        guard CatalogueRecord.partitionCounts.contains(partitionCount) else {
            throw BrokerError(
                .invalidConfiguration, "A topic cannot have \(partitionCount) partitions.",
                remedy: "Choose 1 to \(CatalogueRecord.partitionCounts.upperBound).")
        }
        var mistake = keeping.firstMistake
        if case .clients(.buffered(let interval)) = writer, !Durability.intervals.contains(interval) {
            mistake = "sync.interval.ms is 1 to 3600000"
        }
        guard let mistake else { return }
        throw BrokerError(
            .invalidConfiguration, "A topic cannot be created so: \(mistake).",
            remedy: "docs/topic-settings.md has every setting with its range.")
    }

    /// Readers see what is synced, but in captured topics only what the transaction index covers.
    private func start(_ topic: Topic) {
        for partition in topic.partitions { directory.configure(partition, topic.policy) }
        if topic.owner == nil { topic.partitions.forEach(directory.followSyncedEnd) }
    }

    /// Appends to the catalogue and commits at once: this is the committing thread.
    private func record(_ name: String, _ record: CatalogueRecord) throws(BrokerError) {
        guard let catalogue = directory.partition(TopicPartition(topic: CatalogueRecord.topic, partition: 0)) else {
            throw .closed
        }
        var builder = RecordBatchBuilder()
        builder.append(key: Array(name.utf8), value: record.encoded, headers: [], timestamp: now)
        try directory.commitNow(builder.finish(), to: catalogue)
    }
}
