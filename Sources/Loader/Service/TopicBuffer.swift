import RecordFormat

/// Records of one partition that were fetched and not yet used: transactions are small and follow one another, so a fetch serves
/// many of them.
struct TopicBuffer {
    private var records: [StoredRecord] = []
    private var place = 0
    /// What `records` is all of.
    private var covered = Offset.zero..<Offset.zero

    enum Next {
        case record(StoredRecord)
        /// The range has no further record.
        case end
        case fetch(from: Offset)
    }

    /// The first record at or after `offset` and before `end`, if it is known.
    mutating func next(from offset: Offset, before end: Offset) -> Next {
        if offset >= end { return .end }
        guard covered.contains(offset) else { return .fetch(from: offset) }
        // Ranges come in order; going back happens only when a transaction is begun again.
        if place > 0, records[place - 1].offset >= offset { place = 0 }
        while place < records.count, records[place].offset < offset { place += 1 }
        guard place < records.count else {
            let next = covered.upperBound
            clear(at: next)
            return next >= end ? .end : .fetch(from: next)
        }
        return records[place].offset < end ? .record(records[place]) : .end
    }

    mutating func fill(_ fetched: [StoredRecord], from offset: Offset, to next: Offset) {
        records = fetched
        place = 0
        covered = offset..<max(offset, next)
    }

    private mutating func clear(at offset: Offset) {
        records = []
        place = 0
        covered = offset..<offset
    }
}
