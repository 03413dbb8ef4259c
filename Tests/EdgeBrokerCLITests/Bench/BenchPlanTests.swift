import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A plan of appends") struct BenchPlanTests {
    @Test(
        "gives out every record once, in appends of the wanted size",
        arguments: [(1, 1, 1), (10, 3, 4), (100, 7, 10), (3, 5, 2), (1000, 256, 1)])
    func sums(_ records: Int, _ producers: Int, _ batch: Int) {
        let plan = BenchPlan(records: records, producers: producers, batchRecords: batch, partitions: 4)
        let appends = (0..<producers).map { plan.appends(of: $0) }
        #expect(appends.joined().reduce(0, +) == records)
        #expect(appends.allSatisfy { $0.dropLast().allSatisfy { $0 == batch } && $0.allSatisfy { 1...batch ~= $0 } })
        let sums = appends.map { $0.reduce(0, +) }
        #expect((sums.max() ?? 0) - (sums.min() ?? 0) <= 1)
    }

    @Test("goes round the partitions")
    func partitions() {
        let plan = BenchPlan(records: 100, producers: 2, batchRecords: 1, partitions: 3)
        #expect((0..<4).map { plan.partition(of: $0, by: 1) } == [1, 2, 0, 1])
    }

    @Test("repeats its values with the seed")
    func seed() {
        let plan = BenchPlan(records: 6, producers: 2, batchRecords: 2, partitions: 1)
        func values(_ seed: UInt64) -> [[UInt8]?] {
            let values = BenchValues(seed: seed, plan: plan, valueSize: 9)
            return (0..<2).flatMap { producer in values.records(0, of: producer, count: 2).map(\.value) }
        }
        #expect(values(1) == values(1) && values(1) != values(2))
        #expect(Set(values(1)).count == 4 && values(1).allSatisfy { $0?.count == 9 })
    }
}
