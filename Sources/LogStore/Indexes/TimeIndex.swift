package import RecordFormat

/// One entry of a segment's `.timeindex` file: 12 bytes, big-endian, as Kafka writes it. Valid when both fields exceed
/// the previous entry's.
///
/// | at | size | field            | meaning                                                                    |
/// |---:|-----:|:-----------------|:---------------------------------------------------------------------------|
/// |  0 |    8 | `timestamp`      | the largest in the segment so far, ms since 1970                           |
/// |  8 |    4 | `relativeOffset` | last offset of the first batch that has it − segment base offset           |
package struct TimeIndexEntry: Sendable, Equatable {
    package static let encodedSize = 12
    package let timestamp: Timestamp
    package let relativeOffset: Int32

    package init(timestamp: Timestamp, relativeOffset: Int32) {
        self.timestamp = timestamp
        self.relativeOffset = relativeOffset
    }
}

/// Where in a segment a timestamp was first reached: records later than an entry's timestamp come behind its batch.
///
/// A cache, like ``OffsetIndex``. It grows with it: an entry of one is an occasion for an entry of the other, and the last
/// one, of the segment's largest timestamp, is added when it is written.
package struct TimeIndex: Sendable, Equatable {
    package private(set) var entries: [TimeIndexEntry] = []
    /// The largest timestamp so far, and the last offset of the first batch that has it.
    private(set) var latest: TimeIndexEntry?

    package init() {}

    /// The largest timestamp of the batches noted; `nil` if there are none that have one.
    package var largest: Timestamp? { latest?.timestamp }

    package mutating func note(maxTimestamp: Timestamp, lastOffset: Offset, base: Offset) {
        // Past 2^31 offsets there are no entries, only longer walks: segments roll before.
        guard let relative = Int32(exactly: lastOffset.rawValue - base.rawValue),
            maxTimestamp.millisecondsSince1970 > latest?.timestamp.millisecondsSince1970 ?? Self.none
        else { return }
        latest = TimeIndexEntry(timestamp: maxTimestamp, relativeOffset: relative)
    }

    /// Makes an entry of ``largest``, if it grew since the last one.
    mutating func makeEntry() {
        if let latest, latest != entries.last { entries.append(latest) }
    }

    /// The entry from whose offset on a search for `timestamp` must look; `nil`: from the segment's start. Everything before
    /// it is earlier.
    ///
    /// Not one of that very timestamp: it names the last offset of its batch, and a record before that one may have it too.
    package func entry(before timestamp: Timestamp) -> TimeIndexEntry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].timestamp < timestamp { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : entries[low - 1]
    }

    /// With the entry that ends it.
    package var encoded: [UInt8] {
        var whole = self
        whole.makeEntry()
        var writer = FieldWriter(reserving: whole.entries.count * TimeIndexEntry.encodedSize)
        for entry in whole.entries {
            writer.append(entry.timestamp.millisecondsSince1970)
            writer.append(entry.relativeOffset)
        }
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no time index of a segment from `base` to `nextOffset`.
    package init?(decoding bytes: [UInt8], base: Offset, nextOffset: Offset) {
        guard bytes.count % TimeIndexEntry.encodedSize == 0 else { return nil }
        var reader = FieldReader(bytes[...])
        entries.reserveCapacity(bytes.count / TimeIndexEntry.encodedSize)
        for _ in 0..<(bytes.count / TimeIndexEntry.encodedSize) {
            let entry = TimeIndexEntry(
                timestamp: Timestamp(millisecondsSince1970: reader.next()), relativeOffset: reader.next())
            guard entry.timestamp.millisecondsSince1970 > entries.last?.timestamp.millisecondsSince1970 ?? Self.none,
                entry.relativeOffset > entries.last?.relativeOffset ?? -1,
                Int64(entry.relativeOffset) < nextOffset.rawValue - base.rawValue
            else { return nil }
            entries.append(entry)
        }
        latest = entries.last
    }

    /// Kafka's "no timestamp".
    private static let none: Int64 = -1
}
