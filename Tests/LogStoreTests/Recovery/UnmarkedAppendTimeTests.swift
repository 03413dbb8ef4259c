import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The append time of records above the mark")
struct UnmarkedAppendTimeTests {
    @Test("is after a power cut the newest that is known, so that retention takes nothing early")
    func isNewest() throws {
        let clock = SimulatedClock()
        let disk = SimulatedDisk(seed: 5)
        let (log, orders) = try openOrders(on: disk, clock: clock)
        try log.createPartitions(topic: "alarms", id: Identifier(random: Counter(start: 77).next), count: 1)
        let alarms = try #require(log.partition(TopicPartition(topic: "alarms", partition: 0)))
        func append(to partition: Partition) throws {
            let outcome = Outcome()
            try log.stage(Append([Append.Batch(batch(["a"]), to: partition)]) { outcome.set($0) })
            log.runCommitRound()
            _ = try outcome.get()
        }
        try append(to: orders)
        clock.advance(milliseconds: 100)
        log.runCommitRound()
        clock.advance(milliseconds: 60_000)
        try append(to: alarms)
        clock.advance(milliseconds: 100)
        // This round marks the alarms, and what it appends to the orders has no mark yet.
        try append(to: orders)
        let newest = log.newestAppend
        let (again, found) = try openOrders(on: disk.afterPowerCut(), clock: clock)
        let marked = try #require(again.newestAppend)
        #expect(again.retainedSegments(of: found).last?.newestAppend == marked)
        let before = try #require(newest)
        #expect(marked.millisecondsSince1970 >= before.millisecondsSince1970 - 100)
    }
}
