package import RecordFormat

/// `%020d.snapshot`: ``ProducerStates`` at the offset that names the file. Big-endian; Kafka's version 1, and behind it what
/// Kafka does not keep, where there is any: Kafka's reader takes the checksum of the whole file and ignores the rest.
///
/// | at        | size | field       | meaning                                                                     |
/// |:----------|-----:|:------------|:----------------------------------------------------------------------------|
/// | 0         |    2 | `version`   | 1                                                                           |
/// | 2         |    4 | `checksum`  | CRC-32C of everything behind it                                             |
/// | 6         |    4 | `count`     | of producers                                                                |
/// | 10 + 46·i |   46 | producer    | see below, by rising id                                                     |
/// | 10 + 46·n |   28 | `owner`     | whose producers these are: `topicID` 16, `partition` 4, and the offset in the file's name 8 |
/// | 38 + 46·n |      | older       | per producer, if one has more than one batch: 1 byte count (0…4), then as many, oldest first: |
/// |           |   24 |             | `lastSequence` 4, `lastOffset` 8, `offsetDelta` 4, `appendTime` 8           |
///
/// | at | size | field              | meaning                                                                        |
/// |---:|-----:|:-------------------|:-------------------------------------------------------------------------------|
/// |  0 |    8 | `id`               |                                                                                |
/// |  8 |    2 | `epoch`            |                                                                                |
/// | 10 |    4 | `lastSequence`     | of the last batch; -1: none                                                    |
/// | 14 |    8 | `lastOffset`       | of the last batch; -1: none                                                    |
/// | 22 |    4 | `offsetDelta`      | of the last batch: last − first offset                                         |
/// | 26 |    8 | `lastAppendTime`   | ms since 1970, by the broker's clock. Kafka has the batch's largest timestamp, which lets a producer with a wrong clock expire at once |
/// | 34 |    4 | `coordinatorEpoch` | of the last transaction marker; -1: none                                       |
/// | 38 |    8 | `transactionStart` | first offset of the open transaction; -1: none                                 |
///
/// A snapshot that has no owner, or another one, is not believed: a disk that shows one file in another's place would have a retry
/// pass for a new batch. Kafka's own have none, and the log tells the same.
extension ProducerStates {
    private static let version: Int16 = 1
    private static let headerSize = 10
    private static let producerSize = 46
    private static let ownerSize = 28
    private static let batchSize = 24
    /// Against a damaged size: about a million producers. A larger snapshot is not loaded.
    static let snapshotSizeLimit = 160 << 20

    /// The partition that a snapshot is of.
    package struct Owner: Sendable, Equatable {
        package let topicID: Identifier
        package let partition: Int32

        package init(topicID: Identifier, partition: Int32) {
            self.topicID = topicID
            self.partition = partition
        }
    }

    package func encodedSnapshot(of owner: Owner) -> [UInt8] {
        let sorted = producers.values.sorted { $0.id < $1.id }
        var writer = FieldWriter(reserving: Self.headerSize + sorted.count * Self.producerSize + Self.ownerSize)
        writer.append(Self.version)
        writer.append(UInt32(0))
        writer.append(Int32(truncatingIfNeeded: sorted.count))
        for producer in sorted {
            writer.append(producer.id)
            writer.append(producer.epoch)
            writer.append(producer.lastSequence)
            writer.append(producer.batches.last?.lastOffset.rawValue ?? -1)
            writer.append(producer.batches.last?.offsetDelta ?? 0)
            writer.append(producer.lastAppendTime.millisecondsSince1970)
            writer.append(producer.coordinatorEpoch)
            writer.append(producer.transactionStart?.rawValue ?? -1)
        }
        writer.append(owner.topicID.bytes)
        writer.append(owner.partition)
        writer.append(end.rawValue)
        if sorted.contains(where: { $0.batches.count > 1 }) {
            for producer in sorted {
                let older = producer.batches.dropLast()
                writer.append(UInt8(truncatingIfNeeded: older.count))
                for batch in older {
                    writer.append(batch.lastSequence)
                    writer.append(batch.lastOffset.rawValue)
                    writer.append(batch.offsetDelta)
                    writer.append(batch.appendTime.millisecondsSince1970)
                }
            }
        }
        writer.put(checksum(of: writer.bytes[6...]), at: 2)
        return writer.bytes
    }

    /// - Parameters:
    ///   - owner: `nil`: whoever's it is, Kafka's included.
    ///   - end: the offset in the file's name.
    /// - Returns: `nil` if the bytes are no snapshot of that partition and offset.
    package init?(decodingSnapshot bytes: [UInt8], of owner: Owner?, at end: Offset) {
        guard bytes.count >= Self.headerSize else { return nil }
        var reader = FieldReader(bytes[...])
        guard reader.next(Int16.self) == Self.version, reader.next(UInt32.self) == checksum(of: bytes.dropFirst(6))
        else { return nil }
        let count = Int(reader.next(Int32.self))
        guard count >= 0, count <= (bytes.count - Self.headerSize) / Self.producerSize else { return nil }
        let ownerStart = Self.headerSize + count * Self.producerSize
        let isOurs = bytes.count > ownerStart
        guard isOurs ? Self.isOwned(bytes[ownerStart...], by: owner, at: end) : owner == nil else { return nil }
        let olderStart = isOurs ? ownerStart + Self.ownerSize : ownerStart
        var older = FieldReader(bytes[olderStart...])
        var producers: [ProducerState] = []
        producers.reserveCapacity(count)
        for _ in 0..<count {
            guard let producer = Self.producer(&reader, &older, hasOlder: bytes.count > olderStart, below: end) else {
                return nil
            }
            producers.append(producer)
        }
        // An offset belongs to one transaction.
        let starts = producers.compactMap(\.transactionStart)
        guard !older.ranOut, !older.hasMore, Set(producers.map(\.id)).count == count,
            Set(starts).count == starts.count
        else { return nil }
        self.init(producers, at: end)
    }

    private static func isOwned(_ bytes: ArraySlice<UInt8>, by owner: Owner?, at end: Offset) -> Bool {
        guard bytes.count >= ownerSize else { return false }
        var reader = FieldReader(bytes.prefix(ownerSize))
        guard let topicID = Identifier(reader.next(count: 16)) else { return false }
        let found = Owner(topicID: topicID, partition: reader.next())
        return reader.next(Int64.self) == end.rawValue && found == owner ?? found
    }

    private static func producer(
        _ reader: inout FieldReader, _ older: inout FieldReader, hasOlder: Bool, below end: Offset
    ) -> ProducerState? {
        let (id, epoch): (Int64, Int16) = (reader.next(), reader.next())
        let (sequence, offset, delta): (Int32, Int64, Int32) = (reader.next(), reader.next(), reader.next())
        let appendTime = Timestamp(millisecondsSince1970: reader.next())
        let (coordinatorEpoch, start): (Int32, Int64) = (reader.next(), reader.next())
        guard id >= 0, start < end.rawValue else { return nil }
        var batches: [ProducerState.Batch] = []
        if hasOlder {
            let count = older.next(UInt8.self)
            // Who has older ones has a last one.
            guard count < ProducerState.mostBatches, count == 0 || offset >= 0 else { return nil }
            for _ in 0..<count {
                let (sequence, offset, delta): (Int32, Int64, Int32) = (older.next(), older.next(), older.next())
                batches.append(
                    ProducerState.Batch(
                        lastSequence: sequence, lastOffset: Offset(offset), offsetDelta: delta,
                        appendTime: Timestamp(millisecondsSince1970: older.next())))
            }
        }
        if offset >= 0 {
            batches.append(
                ProducerState.Batch(
                    lastSequence: sequence, lastOffset: Offset(offset), offsetDelta: delta, appendTime: appendTime))
        }
        for (place, batch) in batches.enumerated() {
            let before = place == 0 ? -1 : batches[place - 1].lastOffset.rawValue
            guard batch.lastSequence >= -1, batch.offsetDelta >= 0, batch.lastOffset < end,
                batch.lastOffset >= .zero, batch.lastOffset.rawValue - Int64(batch.offsetDelta) > before
            else { return nil }
        }
        return ProducerState(
            id: id, epoch: epoch, batches: batches, coordinatorEpoch: coordinatorEpoch, lastAppendTime: appendTime,
            transactionStart: start >= 0 ? Offset(start) : nil)
    }
}
