import RecordFormat

/// A record of `__transaction_state`: where a transactional id stands. Kafka's layout of key version 0 and value version 0.
/// Big-endian; *text* is UTF-8 behind a 2-byte length.
///
/// | key at | size | field             | meaning |
/// |-------:|-----:|:------------------|:--------|
/// |      0 |    2 | `version`         | 0       |
/// |      2 |    – | `transactionalID` | text    |
///
/// | value at | size | field           | meaning                                                       |
/// |---------:|-----:|:----------------|:--------------------------------------------------------------|
/// |        0 |    2 | `version`       | 0                                                             |
/// |        2 |    8 | `producerID`    | 0 or more                                                     |
/// |       10 |    2 | `producerEpoch` | 0 or more                                                     |
/// |       12 |    4 | `timeout`       | ms                                                            |
/// |       16 |    1 | `status`        | ``TransactionMetadata/Status``                                |
/// |       17 |    4 | `topicCount`    | -1: none, which Kafka writes for an id without a transaction  |
/// |        – |    – | topics          | per topic, by name: `topic` text, `count` 4, `partition` 4 each |
/// |        – |    8 | `updateTime`    | ms since 1970                                                 |
/// |        – |    8 | `startTime`     | ms since 1970; -1: no transaction                             |
///
/// A null value is a tombstone: nobody knows the id any more. Valid when each part ends with its last field.
package struct TransactionRecord: Sendable, Equatable {
    static let topic = "__transaction_state"
    private static let version: Int16 = 0

    package var transactionalID: String
    /// `nil`: a tombstone.
    package var metadata: TransactionMetadata?

    package init(_ transactionalID: String, _ metadata: TransactionMetadata?) {
        self.transactionalID = transactionalID
        self.metadata = metadata
    }

    package var key: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.version)
        writer.append(text: transactionalID)
        return writer.bytes
    }

    package var value: [UInt8]? {
        guard let metadata else { return nil }
        var writer = BinaryWriter()
        writer.append(Self.version)
        writer.append(metadata.producer.id)
        writer.append(metadata.producer.epoch)
        writer.append(Int32(clamping: metadata.timeout.milliseconds))
        writer.append(metadata.status.rawValue)
        if metadata.partitions.isEmpty {
            writer.append(Int32(-1))
        } else {
            let topics = Dictionary(grouping: metadata.partitions, by: \.topic).sorted { $0.key < $1.key }
            writer.append(Int32(clamping: topics.count))
            for (topic, partitions) in topics {
                writer.append(text: topic)
                writer.append(Int32(clamping: partitions.count))
                for number in partitions.map(\.partition).sorted() { writer.append(number) }
            }
        }
        writer.append(metadata.updateTime.millisecondsSince1970)
        writer.append(metadata.startTime?.millisecondsSince1970 ?? -1)
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no such record.
    package init?(key: [UInt8]?, value: [UInt8]?) {
        guard let key else { return nil }
        var reader = BinaryReader(key)
        let version: Int16 = reader.next()
        transactionalID = reader.nextText()
        guard reader.isAtEnd, version == Self.version, !transactionalID.isEmpty else { return nil }
        guard let value else { return }
        reader = BinaryReader(value)
        let valueVersion: Int16 = reader.next()
        let producer = ProducerIdentity(id: reader.next(), epoch: reader.next())
        let timeout: Int32 = reader.next()
        let status = TransactionMetadata.Status(rawValue: reader.next())
        let partitions = Self.partitions(&reader)
        let (updateTime, startTime): (Int64, Int64) = (reader.next(), reader.next())
        guard reader.isAtEnd, valueVersion == Self.version, let status, producer.id >= 0, producer.epoch >= 0,
            timeout > 0
        else { return nil }
        metadata = TransactionMetadata(
            producer, timeout: .milliseconds(timeout), status: status, partitions: partitions,
            updateTime: Timestamp(millisecondsSince1970: updateTime),
            startTime: startTime < 0 ? nil : Timestamp(millisecondsSince1970: startTime))
    }

    private static func partitions(_ reader: inout BinaryReader) -> Set<TopicPartition> {
        var partitions: Set<TopicPartition> = []
        // A count that is too large runs out of bytes with the first element that is not there.
        var topics: Int32 = reader.next()
        while topics > 0, reader.isGood {
            let topic = reader.nextText()
            var count: Int32 = reader.next()
            while count > 0, reader.isGood {
                partitions.insert(TopicPartition(topic: topic, partition: reader.next()))
                count -= 1
            }
            topics -= 1
        }
        return partitions
    }
}

extension Duration {
    /// Rounded down.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        return overflows ? .max : product &+ attoseconds / 1_000_000_000_000_000
    }
}
