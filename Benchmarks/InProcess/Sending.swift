import EdgeBroker
import Glibc
import LogStore
import RecordFormat

/// Senders that each await the acknowledgement of one record before they send the next.
func measureSending(_ broker: Broker, _ disk: CountingDisk, _ options: Options) async throws {
    let producer = try broker.makeProducer()
    let value = Array(repeating: UInt8(ascii: "v"), count: 100)
    let syncs = disk.syncCalls
    let figures = Figures()
    let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
        for sender in 0..<options.senders {
            group.addTask {
                var latencies: [Double] = []
                latencies.reserveCapacity(options.records / options.senders + 1)
                for number in stride(from: sender, to: options.records, by: options.senders) {
                    let began = Figures.seconds(CLOCK_MONOTONIC)
                    try await producer.send(
                        Record(key: nil, value: value), to: "bench",
                        partition: options.partitions > 1 ? Int32(number % options.partitions) : nil)
                    latencies.append(Figures.seconds(CLOCK_MONOTONIC) - began)
                }
                return latencies
            }
        }
        return try await group.reduce(into: []) { $0 += $1 }
    }
    figures.report(records: options.records, syncs: disk.syncCalls - syncs, latencies: latencies)
}
