/// What one run measured, as the one JSON line that scripts read.
struct BenchFigures {
    var records = 0
    var valueBytes = 0
    var seconds = 0.0
    var cpuSeconds = 0.0
    var syncCalls = 0
    /// Of every acknowledged append, in nanoseconds.
    var latencies: [Int64] = []
    /// The storage error that ended the run early.
    var error: String?

    var json: JSONValue {
        let sorted = latencies.sorted()
        let rate = seconds > 0 ? Double(records) / seconds : 0
        let throughput = seconds > 0 ? Double(valueBytes) / 1e6 / seconds : 0
        var fields: [(String, JSONValue)] = [
            ("records", .integer(Int64(records))), ("seconds", .decimal(seconds, digits: 6)),
            ("records_per_second", .decimal(rate, digits: 1)), ("mb_per_second", .decimal(throughput, digits: 3)),
            ("cpu_seconds", .decimal(cpuSeconds, digits: 6)), ("sync_calls", .integer(Int64(syncCalls))),
            ("p50_us", Self.microseconds(sorted, 0.50)), ("p99_us", Self.microseconds(sorted, 0.99)),
        ]
        if let error { fields.append(("error", .text(error))) }
        return .object(fields)
    }

    /// The smallest value that at least this part of all values does not exceed.
    private static func microseconds(_ sorted: [Int64], _ part: Double) -> JSONValue {
        guard !sorted.isEmpty else { return .null }
        let rank = Int((part * Double(sorted.count)).rounded(.up))
        return .decimal(Double(sorted[min(max(rank, 1), sorted.count) - 1]) / 1000, digits: 1)
    }
}
