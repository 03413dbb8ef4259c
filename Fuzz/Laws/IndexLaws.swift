import LogStore
import RecordFormat

/// Of what segment the indexes are: a few offsets, so that most entries are too large and some fit.
private enum Indexed {
    static let base = Offset(100)
    static let nextOffset = Offset(1100)
    static let logSize = 1 << 20
    static let searched = [Int64.min / 4, 0, 99, 100, 101, 357, 1099, 1100, Int64.max / 2].map { Offset($0) }
}

extension FuzzTarget {
    /// `.index`: what is taken is written the same, and the search finds what looking at every entry finds.
    static let offsetIndex = FuzzTarget("offset-index", longest: 512) {
        var index = OffsetIndex()
        for batch in 0..<20 {
            index.note(
                lastOffset: Offset(Indexed.base.rawValue + Int64(3 * batch)), position: 2500 * batch, size: 2500,
                base: Indexed.base)
        }
        return [Seed("twenty-batches", index.encoded), Seed("empty", [])]
    } laws: { input throws(BrokenLaw) in
        guard let index = OffsetIndex(decoding: input.bytes, logSize: Indexed.logSize) else { return false }
        try demand(index.encoded == input.bytes, "An index of \(input.bytes.count) bytes is written otherwise")
        for offset in Indexed.searched
            + index.entries.prefix(8).map({ Indexed.base.advanced(by: Int64($0.relativeOffset)) })
        {
            let relative = offset.rawValue - Indexed.base.rawValue
            try demand(
                index.entry(before: offset, base: Indexed.base)
                    == index.entries.last { Int64($0.relativeOffset) < relative },
                "The search for \(offset) does not find the entry before it")
        }
        return true
    }

    /// `.timeindex`: the same.
    static let timeIndex = FuzzTarget("time-index", longest: 512) {
        var indexes = SegmentIndexes()
        for batch in 0..<20 {
            var header = [UInt8](repeating: 0, count: RecordBatchHeader.encodedSize)
            header.put(Indexed.base.rawValue + Int64(batch), at: 0)
            header.put(Int64(1_700_000_000_000 + batch), at: 35)
            header.sealBatch()
            if let header = header.withUnsafeBytes({ RecordBatchHeader(soundAtStartOf: $0) }) {
                indexes.note(header, position: 2500 * batch, size: 2500, base: Indexed.base)
            }
        }
        return [Seed("twenty-batches", indexes.times.encoded), Seed("empty", [])]
    } laws: { input throws(BrokenLaw) in
        guard let index = TimeIndex(decoding: input.bytes, base: Indexed.base, nextOffset: Indexed.nextOffset) else {
            return false
        }
        try demand(index.encoded == input.bytes, "A time index of \(input.bytes.count) bytes is written otherwise")
        try demand(index.largest == index.entries.last?.timestamp, "The last entry is not the largest timestamp")
        let around = index.entries.prefix(8).flatMap { entry in
            [entry.timestamp, Timestamp(millisecondsSince1970: entry.timestamp.millisecondsSince1970 &- 1)]
        }
        for time in [.min, -1, 0, .max].map({ Timestamp(millisecondsSince1970: $0) }) + around {
            try demand(
                index.entry(before: time) == index.entries.last { $0.timestamp < time },
                "The search for \(time) does not find the entry before it")
        }
        return true
    }

    /// `.txnindex`: the same, for ranges of offsets.
    static let abortedTransactions = FuzzTarget("aborted-transactions", longest: 512) {
        var index = AbortedTransactionIndex()
        for number in 0..<4 {
            let first = Offset(Int64(90 + 40 * number))
            index.note(
                AbortedTransaction(
                    producerID: Int64(number), firstOffset: first, lastOffset: first.advanced(by: 30),
                    lastStableOffset: first.advanced(by: number == 1 ? 5 : 31)))
        }
        return [Seed("four", index.encoded), Seed("empty", [])]
    } laws: { input throws(BrokenLaw) in
        guard
            let index = AbortedTransactionIndex(
                decoding: input.bytes, base: Indexed.base, nextOffset: Indexed.nextOffset)
        else { return false }
        try demand(index.encoded == input.bytes, "An index of \(input.bytes.count) bytes is written otherwise")
        for (start, end) in zip(Indexed.searched, Indexed.searched.dropFirst()) {
            let found = index.overlapping(start..<end)
            let all = index.entries.filter { $0.lastOffset >= start && $0.firstOffset < end }
            try demand(
                found.isComplete ? all.starts(with: found.transactions) : all == found.transactions,
                "The search in \(start)..<\(end) finds other transactions")
            try demand(
                !found.isComplete || index.entries.contains { $0.lastStableOffset >= end },
                "The search in \(start)..<\(end) ends although more may follow")
        }
        return true
    }
}
