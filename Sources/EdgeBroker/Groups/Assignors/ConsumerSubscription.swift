package import RecordFormat

/// What a consumer tells its group's leader, byte for byte as Kafka's consumers do, so that members in this process and others may be
/// in one group. Big-endian; *text* is UTF-8 behind a 2-byte length, *bytes* stand behind a 4-byte length, -1 for none; lists begin
/// with a 4-byte count.
///
/// | from version | size | field             | meaning                                                       |
/// |-------------:|-----:|:------------------|:--------------------------------------------------------------|
/// |              |    2 | `version`         | 0…3; a higher one is read as 3                                |
/// |            0 |    – | topics            | list of text                                                  |
/// |            0 |    – | `userData`        | bytes, the assignor's own                                     |
/// |            1 |    – | owned partitions  | list of: text topic, list of 4-byte partition numbers         |
/// |            2 |    4 | `generation`      | under which they were given; -1: none                         |
/// |            3 |    – | `rackID`          | text, length -1 for none                                      |
///
/// Valid when all fields of the version are there; what follows is a later version's.
package struct ConsumerSubscription: Sendable, Equatable {
    package static let protocolType = "consumer"

    package var topics: [String]
    package var userData: [UInt8]?
    /// What the member has now, in any order.
    package var ownedPartitions: [TopicPartition] = []
    package var generation: Int32 = -1
    package var rackID: String?

    package init(
        topics: [String], userData: [UInt8]? = nil, ownedPartitions: [TopicPartition] = [], generation: Int32 = -1
    ) {
        self.topics = topics
        self.userData = userData
        self.ownedPartitions = ownedPartitions
        self.generation = generation
    }

    /// - Parameter version: 0…3.
    package func encoded(version: Int16 = 3) -> [UInt8] {
        var writer = BinaryWriter()
        writer.append(version)
        writer.append(Int32(topics.count))
        for topic in topics { writer.append(text: topic) }
        writer.append(counted: userData)
        if version >= 1 { writer.append(byTopic: ownedPartitions) }
        if version >= 2 { writer.append(generation) }
        if version >= 3 { writer.append(nullableText: rackID) }
        return writer.bytes
    }

    package init?(decoding bytes: [UInt8]) {
        var reader = BinaryReader(bytes)
        let version: Int16 = reader.next()
        topics = (0..<reader.nextCount(ofAtLeast: 2)).map { _ in reader.nextText() }
        userData = reader.nextCounted()
        if version >= 1 { ownedPartitions = reader.nextByTopic() }
        if version >= 2 { generation = reader.next() }
        if version >= 3 { rackID = reader.nextNullableText() }
        guard reader.isGood, version >= 0 else { return nil }
    }
}

extension BinaryWriter {
    /// Partitions grouped by topic, in the order in which the topics first appear.
    mutating func append(byTopic partitions: [TopicPartition]) {
        var topics: [String] = []
        var numbers: [String: [Int32]] = [:]
        for partition in partitions {
            if numbers[partition.topic] == nil { topics.append(partition.topic) }
            numbers[partition.topic, default: []].append(partition.partition)
        }
        append(Int32(topics.count))
        for topic in topics {
            append(text: topic)
            append(Int32(numbers[topic]?.count ?? 0))
            for number in numbers[topic] ?? [] { append(number) }
        }
    }
}

extension BinaryReader {
    mutating func nextByTopic() -> [TopicPartition] {
        var partitions: [TopicPartition] = []
        for _ in 0..<nextCount(ofAtLeast: 6) {
            let topic = nextText()
            for _ in 0..<nextCount(ofAtLeast: 4) { partitions.append(TopicPartition(topic: topic, partition: next())) }
        }
        return partitions
    }
}
