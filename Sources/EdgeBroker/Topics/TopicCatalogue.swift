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
    /// What groups see of it: made anew with every topic that comes, grows or goes.
    private let groupImage = Mutex(TopicImage())
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
        var found = CatalogueContents()
        try directory.forEachRecord(of: catalogue, upTo: catalogue.syncedEnd, damaged: { notes.append($0.message) }) {
            stored in
            let record = stored.record.value.map { CatalogueRecord(decoding: $0) }
            // No value is a deletion, one that does not decode is nothing.
            guard let key = stored.record.key, let name = String(validating: key, as: UTF8.self),
                record == nil || record != .some(nil)
            else {
                notes.append("\(CatalogueRecord.topic) offset \(stored.offset) is not a topic's description.")
                return
            }
            found.apply(record ?? nil, to: name)
        }
        isDamaged = isDamaged || !notes.isEmpty
        // What a crash has kept from being taken out after the decision was durable.
        directory.remove(directory.partitions.filter { found.deleted.contains($0.topicID) })
        for (name, record) in found.described.sorted(by: { $0.key < $1.key }) {
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
            topics.withLock { $0[name] = Topic(name, record, partitions) }
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
        for topic in all { start(topic, topic.partitions) }
        refreshImage()
    }

    /// The calendar's time, for what the broker writes itself.
    var now: Timestamp { wall() }

    /// The topics that there are, as groups in the consumer protocol divide them.
    var image: TopicImage { groupImage.withLock(\.self) }

    private func refreshImage() {
        let topics = topics.withLock { topics in
            topics.mapValues { TopicImage.Topic(id: $0.id, partitionCount: Int32($0.partitions.count)) }
        }
        groupImage.withLock { $0 = TopicImage(version: $0.version + 1, topics: topics) }
    }

    var all: [Topic] { topics.withLock { $0.values.sorted { $0.name < $1.name } } }

    func topic(_ name: String) -> Topic? { topics.withLock { $0[name] } }

    func topic(id: Identifier) -> Topic? { topics.withLock { topics in topics.values.first { $0.id == id } } }

    /// - Throws: `.unknownTopic`.
    func partition(_ name: TopicPartition) throws(BrokerError) -> Partition {
        try topic(of: name).partitions[Int(name.partition)]
    }

    /// - Throws: `.unknownTopic`.
    func known(_ name: String) throws(BrokerError) -> Topic {
        if let topic = topic(name) { return topic }
        throw BrokerError(
            .unknownTopic, "There is no topic \(name.debugDescription).",
            remedy: "`edgebroker topic list` shows those that exist.")
    }

    func has(_ name: TopicPartition) -> Bool {
        guard let topic = topic(name.topic) else { return false }
        return name.partition >= 0 && Int(name.partition) < topic.partitions.count
    }

    /// The topic, which has that partition.
    /// - Throws: `.unknownTopic`.
    func topic(of name: TopicPartition) throws(BrokerError) -> Topic {
        let topic = try known(name.topic)
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
        _ name: String, partitionCount: Int32, writer: TopicWriter, keeping: TopicKeeping,
        messages: TopicMessages = TopicMessages()
    ) throws(BrokerError) -> Topic {
        try Self.check(partitionCount, writer, keeping, messages)
        if topic(name) != nil { throw .topicExists(name) }
        let id = Identifier(random: random)
        let record = CatalogueRecord(
            topicID: id, partitionCount: partitionCount, writer: writer, keeping: keeping, messages: messages)
        return try add(record, to: name, partitions: [])
    }

    /// Gives a topic more partitions. Blocking; on the committing thread.
    ///
    /// - Throws: `.invalidConfiguration`, or what the disk refused: then the topic is as before.
    func grow(_ topic: Topic, to count: Int32) throws(BrokerError) -> Topic {
        try Self.check(count, topic.writer, topic.keeping, topic.messages)
        var record = topic.record
        record.partitionCount = count
        return try add(record, to: topic.name, partitions: topic.partitions)
    }

    /// Makes the partitions that are missing, and then lets the record decide that they are there.
    private func add(
        _ record: CatalogueRecord, to name: String, partitions known: [Partition]
    ) throws(BrokerError) -> Topic {
        let first = Int32(known.count)
        do throws(LogStoreError) {
            try directory.createPartitions(
                topic: name, id: record.topicID, from: first, count: record.partitionCount)
        } catch {
            throw BrokerError(error)
        }
        try write(record, to: name)
        let new = (first..<record.partitionCount).compactMap {
            directory.partition(TopicPartition(topic: name, partition: $0))
        }
        let topic = Topic(name, record, known + new)
        start(topic, new)
        topics.withLock { $0[name] = topic }
        refreshImage()
        return topic
    }

    /// Gives a topic other settings, which are in force when this returns and after every start; the durability perhaps only then
    /// (``LogDirectory/configure(_:_:)``). Blocking; on the committing thread.
    func alter(
        _ topic: Topic, _ writer: TopicWriter, _ keeping: TopicKeeping, _ messages: TopicMessages
    ) throws(BrokerError) -> Topic {
        try Self.check(Int32(topic.partitions.count), writer, keeping, messages)
        var record = topic.record
        (record.writer, record.keeping, record.messages) = (writer, keeping, messages)
        try write(record, to: topic.name)
        let altered = Topic(topic.name, record, topic.partitions)
        for partition in altered.partitions { directory.configure(partition, altered.policy) }
        topics.withLock { $0[topic.name] = altered }
        return altered
    }

    /// Deletes a topic: the record decides, and from then on nothing brings the topic back. Blocking; on the committing thread.
    ///
    /// - Throws: what the disk refused: then the topic is as before.
    func delete(_ topic: Topic) throws(BrokerError) {
        try write(nil, to: topic.name)
        topics.withLock { $0[topic.name] = nil }
        refreshImage()
        directory.remove(topic.partitions)
    }

    static func check(
        _ partitionCount: Int32, _ writer: TopicWriter, _ keeping: TopicKeeping, _ messages: TopicMessages
    ) throws(BrokerError) {
        guard CatalogueRecord.partitionCounts.contains(partitionCount) else {
            throw BrokerError(
                .invalidConfiguration, "A topic cannot have \(partitionCount) partitions.",
                remedy: "Choose 1 to \(CatalogueRecord.partitionCounts.upperBound).")
        }
        var mistake = keeping.firstMistake ?? messages.firstMistake
        if case .clients(.buffered(let interval)) = writer, !Durability.intervals.contains(interval) {
            mistake = "sync.interval.ms is 1 to 3600000"
        }
        guard let mistake else { return }
        throw BrokerError(
            .invalidConfiguration, "A topic cannot be so: \(mistake).",
            remedy: "docs/topic-settings.md has every setting with its range.")
    }

    /// Readers see what is synced, but in captured topics only what the transaction index covers.
    private func start(_ topic: Topic, _ partitions: [Partition]) {
        for partition in partitions { directory.configure(partition, topic.policy) }
        if topic.owner == nil { partitions.forEach(directory.followSyncedEnd) }
    }

    /// Appends to the catalogue and commits at once: this is the committing thread.
    private func write(_ record: CatalogueRecord?, to name: String) throws(BrokerError) {
        guard let catalogue = directory.partition(TopicPartition(topic: CatalogueRecord.topic, partition: 0)) else {
            throw .closed
        }
        var builder = RecordBatchBuilder()
        builder.append(key: Array(name.utf8), value: record?.encoded, headers: [], timestamp: now)
        try directory.commitNow(builder.finish(), to: catalogue)
    }
}

extension BrokerError {
    static func topicExists(_ name: String) -> BrokerError {
        BrokerError(.topicExists, "Topic \(name) exists already.", remedy: "Use it, or choose another name.")
    }
}
