package import RecordFormat

/// A record of `__consumer_offsets`: a group has committed an offset. Kafka's layout of key version 1 and value version 3, so that
/// monitors which read that topic can read ours. Big-endian; *text* is UTF-8 behind a 2-byte length.
///
/// | key at | size | field       | meaning                         |
/// |-------:|-----:|:------------|:--------------------------------|
/// |      0 |    2 | `version`   | 1                               |
/// |      2 |    – | `group`     | text                            |
/// |      – |    – | `topic`     | text                            |
/// |      – |    4 | `partition` | 0 or more                       |
///
/// | value at | size | field         | meaning                                  |
/// |---------:|-----:|:--------------|:-----------------------------------------|
/// |        0 |    2 | `version`     | 3                                        |
/// |        2 |    8 | `offset`      | the first that is not done, 0 or more    |
/// |       10 |    4 | `leaderEpoch` | -1: not told                             |
/// |       14 |    – | `metadata`    | text                                     |
/// |        – |    8 | `commitTime`  | ms since 1970, by the broker's clock     |
///
/// A null value is a tombstone: the group has no offset there any more. Valid when each part ends with its last field.
package struct OffsetCommitRecord: Sendable, Equatable {
    package static let topic = "__consumer_offsets"
    static let topicPartition = TopicPartition(topic: topic, partition: 0)
    private static let keyVersion: Int16 = 1
    private static let valueVersion: Int16 = 3

    package var group: String
    package var partition: TopicPartition
    /// `nil`: a tombstone.
    package var committed: CommittedOffset?

    package init(group: String, partition: TopicPartition, committed: CommittedOffset?) {
        self.group = group
        self.partition = partition
        self.committed = committed
    }

    package var key: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.keyVersion)
        writer.append(text: group)
        writer.append(text: partition.topic)
        writer.append(partition.partition)
        return writer.bytes
    }

    package var value: [UInt8]? {
        guard let committed else { return nil }
        var writer = BinaryWriter()
        writer.append(Self.valueVersion)
        writer.append(committed.offset.rawValue)
        writer.append(committed.leaderEpoch ?? -1)
        writer.append(text: committed.metadata)
        writer.append(committed.time?.millisecondsSince1970 ?? -1)
        return writer.bytes
    }

    /// What a stored key and value say.
    package enum Decoded: Equatable {
        case commit(OffsetCommitRecord)
        /// Of a kind that this release does not know: Kafka keeps group metadata under other key versions in the same topic.
        case other
        case malformed
    }

    package static func decode(key: [UInt8]?, value: [UInt8]?) -> Decoded {
        guard let key else { return .malformed }
        var reader = BinaryReader(key)
        let version: Int16 = reader.next()
        guard reader.isGood else { return .malformed }
        if version != keyVersion { return .other }
        let group = reader.nextText()
        let partition = TopicPartition(topic: reader.nextText(), partition: reader.next())
        guard reader.isAtEnd, partition.partition >= 0 else { return .malformed }
        guard let value else {
            return .commit(OffsetCommitRecord(group: group, partition: partition, committed: nil))
        }
        reader = BinaryReader(value)
        guard reader.next(Int16.self) == valueVersion else { return reader.isGood ? .other : .malformed }
        let offset: Int64 = reader.next()
        let epoch: Int32 = reader.next()
        var committed = CommittedOffset(
            Offset(offset), leaderEpoch: epoch < 0 ? nil : epoch, metadata: reader.nextText())
        let time: Int64 = reader.next()
        committed.time = time < 0 ? nil : Timestamp(millisecondsSince1970: time)
        guard reader.isAtEnd, offset >= 0 else { return .malformed }
        return .commit(OffsetCommitRecord(group: group, partition: partition, committed: committed))
    }
}
