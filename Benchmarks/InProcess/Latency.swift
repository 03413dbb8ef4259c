import EdgeBroker
import Glibc
import LogStore
import RecordFormat

/// One record after another at a fixed rate, each with the time at which it was due; a consumer looks how late it has it.
func measureLatency(_ broker: Broker, _ disk: CountingDisk, _ options: Options) async throws {
    let producer = try broker.makeProducer()
    let syncs = disk.syncCalls
    let figures = Figures()
    async let latencies = broker.withConsumer(topics: ["bench"]) { consumer in
        var latencies: [Double] = []
        for try await batch in consumer.batches {
            let now = Figures.seconds(CLOCK_MONOTONIC)
            for stored in batch.records {
                let due = (stored.record.value ?? []).withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
                latencies.append(now - due)
            }
            if latencies.count >= options.records { break }
        }
        return latencies
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        let began = Figures.seconds(CLOCK_MONOTONIC)
        for number in 0..<options.records {
            let due = began + Double(number) / Double(options.rate)
            let wait = due - Figures.seconds(CLOCK_MONOTONIC)
            if wait > 0 { try await Task.sleep(for: .seconds(wait), tolerance: .zero) }
            let sent = Figures.seconds(CLOCK_MONOTONIC)
            let value = withUnsafeBytes(of: sent) { Array($0) } + Array(repeating: 0, count: 92)
            group.addTask { try await producer.send(Record(key: nil, value: value), to: "bench") }
        }
        try await group.waitForAll()
    }
    figures.report(records: options.records, syncs: disk.syncCalls - syncs, latencies: try await latencies)
}
