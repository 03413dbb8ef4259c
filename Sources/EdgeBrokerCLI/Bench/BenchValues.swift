import Glibc
import RecordFormat

/// The records of a run, made before it is measured.
///
/// Values come from the seed alone, so that two runs append the same. At most about 512 KiB are made, or one append; a longer run
/// goes round. They are in the processor's own cache then, as what a producer has just made is.
struct BenchValues: Sendable {
    private static let memory = 512 << 10
    /// What an array and a record take beside their bytes, about.
    private static let overhead = 128

    private let batches: [[Record]]
    private let producers: Int

    init(seed: UInt64, plan: BenchPlan, valueSize: Int) {
        producers = plan.producers
        let appends = (0..<min(plan.producers, plan.records)).map { plan.appends(of: $0).count }.max() ?? 1
        let affordable = Self.memory / (plan.batchRecords * (valueSize + Self.overhead))
        let count = max(1, min(appends * plan.producers, affordable))
        let now = Timestamp(millisecondsSince1970: Int64(time(nil)) * 1000)
        var generator = BenchSeed(seed)
        batches = (0..<count).map { _ in
            (0..<plan.batchRecords).map { _ in
                Record(key: nil, value: generator.bytes(valueSize), headers: [], timestamp: now)
            }
        }
    }

    /// What `producer` appends as its `append`-th.
    func records(_ append: Int, of producer: Int, count: Int) -> [Record] {
        let records = batches[(append * producers + producer) % batches.count]
        return count == records.count ? records : Array(records.prefix(count))
    }
}
