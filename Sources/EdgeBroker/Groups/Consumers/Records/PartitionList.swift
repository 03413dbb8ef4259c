import LogStore

/// Partitions by topic, in the records of what members have and are to have.
///
/// | value     | size | field                | meaning              |
/// |:----------|-----:|:---------------------|:---------------------|
/// |           |    – | number of topics     |                      |
/// | per topic |   16 | `topicID`            | differs from topic to topic |
/// |           |    – | number of partitions |                      |
/// |           |    4 | each partition       | 0 or more            |
/// |           |    – | tagged fields        | none                 |
enum PartitionList {
    private static let smallestTopic = 18

    static func write(_ partitions: Set<GroupPartition>, to writer: inout BinaryWriter) {
        let topics = GroupPartition.byTopic(partitions)
        writer.append(compactCount: topics.count)
        for (topic, numbers) in topics {
            writer.append(bytes: topic.bytes)
            writer.append(compactCount: numbers.count)
            for number in numbers { writer.append(number) }
            writer.appendNoTags()
        }
    }

    /// - Returns: `nil` for a partition that is there twice or below 0.
    static func read(from reader: inout BinaryReader) -> Set<GroupPartition>? {
        var partitions: Set<GroupPartition> = []
        for _ in 0..<reader.nextCompactCount(ofAtLeast: smallestTopic) {
            guard let topic = Identifier(reader.next(count: 16)) else { return nil }
            for _ in 0..<reader.nextCompactCount(ofAtLeast: 4) {
                let partition = GroupPartition(topic: topic, reader.next())
                guard partition.number >= 0, partitions.insert(partition).inserted else { return nil }
            }
            reader.skipTags()
        }
        return partitions
    }
}
