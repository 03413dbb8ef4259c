package import RecordFormat

/// One entry of a segment's `.index` file: 8 bytes, big-endian, as Kafka writes it. Valid when both fields exceed the
/// previous entry's.
///
/// | at | size | field            | meaning                                         |
/// |---:|-----:|:-----------------|:------------------------------------------------|
/// |  0 |    4 | `relativeOffset` | last offset of a batch − segment base offset    |
/// |  4 |    4 | `filePosition`   | byte at which that batch starts in the `.log`   |
package struct OffsetIndexEntry: Sendable, Equatable {
    package static let encodedSize = 8
    package let relativeOffset: Int32
    package let filePosition: Int32

    package init(relativeOffset: Int32, filePosition: Int32) {
        self.relativeOffset = relativeOffset
        self.filePosition = filePosition
    }
}

/// The sparse map from offsets to file positions of one segment: an entry for about every 4 KiB of log.
///
/// A cache: whatever it says is checked against the batch found there, and without it a reader walks from the start.
package struct OffsetIndex: Sendable, Equatable {
    /// Kafka's `index.interval.bytes`.
    static let interval = 4096

    package private(set) var entries: [OffsetIndexEntry] = []
    private var bytesSinceEntry = 0

    package init() {}

    /// Notes a batch that was written at `position`; makes an entry when enough bytes have passed.
    /// - Returns: whether it was time for one.
    @discardableResult
    package mutating func note(lastOffset: Offset, position: Int, size: Int, base: Offset) -> Bool {
        defer { bytesSinceEntry += size }
        if bytesSinceEntry <= Self.interval { return false }
        // Past 2 GiB or 2^31 offsets there are no entries, only longer walks: segments roll long before.
        if let relative = Int32(exactly: lastOffset.rawValue - base.rawValue),
            let filePosition = Int32(exactly: position)
        {
            entries.append(OffsetIndexEntry(relativeOffset: relative, filePosition: filePosition))
            bytesSinceEntry = 0
        }
        return true
    }

    /// The last entry whose batch ends below `offset`, if there is one.
    package func entry(before offset: Offset, base: Offset) -> OffsetIndexEntry? {
        let relative = offset.rawValue - base.rawValue
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if Int64(entries[middle].relativeOffset) < relative { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : entries[low - 1]
    }

    package var encoded: [UInt8] {
        var writer = FieldWriter(reserving: entries.count * OffsetIndexEntry.encodedSize)
        for entry in entries {
            writer.append(entry.relativeOffset)
            writer.append(entry.filePosition)
        }
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no index of a log of `logSize` bytes.
    package init?(decoding bytes: [UInt8], logSize: Int) {
        guard bytes.count % OffsetIndexEntry.encodedSize == 0 else { return nil }
        var reader = FieldReader(bytes[...])
        entries.reserveCapacity(bytes.count / OffsetIndexEntry.encodedSize)
        for _ in 0..<(bytes.count / OffsetIndexEntry.encodedSize) {
            let entry = OffsetIndexEntry(relativeOffset: reader.next(), filePosition: reader.next())
            guard entry.relativeOffset > entries.last?.relativeOffset ?? -1,
                entry.filePosition > entries.last?.filePosition ?? -1, Int(entry.filePosition) < logSize
            else { return nil }
            entries.append(entry)
        }
        bytesSinceEntry = OffsetIndex.interval + 1
    }
}
