import RecordFormat

enum Measurement {
    /// Nanoseconds a record of one run of `work` over 64 batches, the best of 9.
    static func perRecord(_ count: Int, _ work: (inout RecordDecoder) throws -> Int) rethrows -> Double {
        var decoder = RecordDecoder()
        var best = Duration.seconds(1000)
        // Small batches are read more often, so that a run takes long enough for the clock.
        let rounds = max(1, 4000 / count / 4)
        for _ in 0..<9 {
            var sum = 0
            let time = try ContinuousClock().measure {
                for _ in 0..<rounds { sum &+= try work(&decoder) }
            }
            precondition(sum > 0, "Nothing was read")
            best = min(best, time)
        }
        return Double(best.components.attoseconds) / 1e9 / Double(rounds * 64 * count)
    }

    /// Every record's key and value looked at.
    static func read(_ batches: [[UInt8]], _ decoder: inout RecordDecoder) throws(RecordFormatError) -> Int {
        var sum = 0
        for batch in batches {
            sum &+= try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                    var sum = 0
                    while let record = try cursor.next() {
                        sum &+= (record.key?.count ?? 0) &+ Int(record.value?.last ?? 0)
                    }
                    return sum
                }
            }
        }
        return sum
    }
}
