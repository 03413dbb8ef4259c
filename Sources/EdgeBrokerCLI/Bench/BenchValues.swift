import Glibc
import RecordFormat

/// The records of a run, made before it is measured.
///
/// Values come from the seed alone, so that two runs append the same. At most about 4 MiB are made, or one append; a longer run
/// goes round. They are in the processor's cache then, as what a producer has just made is.
struct BenchValues: Sendable {
    struct Batch: Sendable {
        let records: [Record]
        /// CRC-32C of each value.
        let checksums: [UInt32]

        func prefix(_ count: Int) -> Batch {
            if count == records.count { return self }
            return Batch(records: Array(records.prefix(count)), checksums: Array(checksums.prefix(count)))
        }
    }

    private static let memory = 4 << 20
    /// What an array and a record take beside their bytes, about.
    private static let overhead = 128

    private let batches: [Batch]
    private let producers: Int

    init(seed: UInt64, plan: BenchPlan, valueSize: Int) {
        producers = plan.producers
        let appends = (0..<min(plan.producers, plan.records)).map { plan.appends(of: $0).count }.max() ?? 1
        let affordable = Self.memory / (plan.batchRecords * (valueSize + Self.overhead))
        let count = max(1, min(appends * plan.producers, affordable))
        let now = Timestamp(millisecondsSince1970: Int64(time(nil)) * 1000)
        var generator = BenchSeed(seed)
        batches = (0..<count).map { _ in
            let records = (0..<plan.batchRecords).map { _ in
                Record(key: nil, value: generator.bytes(valueSize), headers: [], timestamp: now)
            }
            return Batch(records: records, checksums: records.map { ($0.value ?? []).withUnsafeBytes { crc32c($0) } })
        }
    }

    /// What `producer` appends as its `append`-th.
    func batch(_ append: Int, of producer: Int, count: Int) -> Batch {
        batches[(append * producers + producer) % batches.count].prefix(count)
    }
}
