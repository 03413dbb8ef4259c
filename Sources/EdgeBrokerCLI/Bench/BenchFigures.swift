import EdgeBroker
import LogStore

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

extension BenchFigures {
    /// Runs a bench, whose storage failing is something that it has found out, and no failure to run: the line of figures says it,
    /// which scripts read, and the status is a warning.
    static func reporting<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch {
            guard let verdict = verdict(on: error) else { throw error }
            var figures = BenchFigures()
            figures.error = verdict.description
            Console.data(line: figures.json.encoded)
            throw verdict
        }
    }

    /// - Returns: `nil` if the storage was not at fault.
    static func verdict(on error: any Error) -> Failure? {
        switch error {
        case let error as BrokerError where [.storage, .noSpace, .corrupt].contains(error.code): break
        case let error as LogStoreError where [.storage, .noSpace, .corrupt].contains(error.code): break
        case is DiskError: break
        default: return nil
        }
        return Failure(.warning, "\(error)")
    }
}
