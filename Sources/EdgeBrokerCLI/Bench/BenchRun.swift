import EdgeBroker
import RecordFormat

/// Producers that each have one append in flight, and what they measured.
struct BenchRun {
    let broker: Broker
    let topic: String
    let plan: BenchPlan
    let values: BenchValues
    let printsAcks: Bool
    /// Commits the producer's next offset after each append.
    let commitGroup: String?

    private struct Produced {
        var latencies: [Int64] = []
        var records = 0
        var error: BrokerError?
    }

    /// From the first append to the last acknowledgement. A storage error ends its producer and is in the result.
    func run() async -> (figures: BenchFigures, error: BrokerError?) {
        let (start, cpu) = (BenchClock.monotonic(), BenchClock.cpu())
        var figures = BenchFigures()
        var failure: BrokerError?
        await withTaskGroup(of: Produced.self) { group in
            for producer in 0..<plan.producers { group.addTask { await produce(producer) } }
            for await produced in group {
                figures.latencies += produced.latencies
                figures.records += produced.records
                if let error = produced.error {
                    failure = failure ?? error
                    // The others stop after the append that they have in flight.
                    group.cancelAll()
                }
            }
        }
        figures.seconds = Double(BenchClock.monotonic() - start) / 1e9
        figures.cpuSeconds = Double(BenchClock.cpu() - cpu) / 1e9
        figures.error = failure.map { "\($0)" }
        return (figures, failure)
    }

    private func produce(_ producer: Int) async -> Produced {
        var produced = Produced()
        let appends = plan.appends(of: producer)
        produced.latencies.reserveCapacity(appends.count)
        for (number, count) in appends.enumerated() where !Task.isCancelled {
            let partition = TopicPartition(topic: topic, partition: plan.partition(of: number, by: producer))
            let records = values.records(number, of: producer, count: count)
            let start = BenchClock.monotonic()
            do throws(BrokerError) {
                let offsets = try await broker.append(records, to: partition)
                produced.latencies.append(BenchClock.monotonic() - start)
                produced.records += count
                if printsAcks { acknowledge(records, offsets.lowerBound, partition) }
                if let commitGroup {
                    try await broker.commitOffsets(
                        group: commitGroup, [partition: CommittedOffset(offsets.upperBound)])
                }
            } catch {
                produced.error = error
                return produced
            }
        }
        return produced
    }

    private func acknowledge(_ records: [Record], _ first: Offset, _ partition: TopicPartition) {
        var lines = ""
        for (index, record) in records.enumerated() {
            let checksum = (record.value ?? []).withUnsafeBytes { crc32c($0) }
            lines += Acknowledgement(partition, first.rawValue + Int64(index), checksum: checksum).line + "\n"
        }
        Console.data(Array(lines.utf8))
    }
}
