import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A disk that fills")
struct RoomTests {
    private let clock = SimulatedClock()

    private func open(_ disk: SimulatedDisk, reserve: Int) throws -> (LogDirectory, orders: Partition, state: Partition)
    {
        var configuration = LogDirectoryConfiguration(path: "/log")
        configuration.reserveBytes = reserve
        let log = try LogDirectory.open(configuration, disk: disk, clock: clock.logClock, random: Counter().next)
        var partitions: [Partition] = []
        for (number, name) in ["orders", "__state"].enumerated() {
            try log.createPartitions(
                topic: name, id: Identifier(random: Counter(start: UInt64(number) * 10 + 9).next), count: 1)
            partitions.append(try #require(log.partition(TopicPartition(topic: name, partition: 0))))
            log.followSyncedEnd(partitions[number])
        }
        var policy = PartitionPolicy()
        policy.usesReserve = true
        log.configure(partitions[1], policy)
        return (log, partitions[0], partitions[1])
    }

    @Test("gives what an earlier process kept back, when a start meets a full disk")
    func found() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, _, _) = try open(disk, reserve: 100_000)
        try log.holdReserve()
        let next = disk.afterKill()
        next.capacity = next.usedBytes
        var configuration = LogDirectoryConfiguration(path: "/log")
        configuration.reserveBytes = 100_000
        let again = try LogDirectory.open(configuration, disk: next, clock: clock.logClock, random: Counter().next)
        let state = try #require(again.partition(TopicPartition(topic: "__state", partition: 0)))
        again.followSyncedEnd(state)
        try append(again, to: state, bytes: 90_000)
        #expect(again.highWatermark(of: state) == Offset(1))
    }

    private func append(_ log: LogDirectory, to partition: Partition, bytes: Int = 10) throws {
        let outcome = Outcome()
        let value = String(repeating: "v", count: bytes)
        try log.stage(Append([Append.Batch(batch([value]), to: partition)]) { outcome.set($0) })
        log.runCommitRound()
        _ = try outcome.get()
    }

    @Test("refuses appends while it is told to be full, but for partitions that may use the reserve")
    func refuses() throws {
        let (log, orders, state) = try open(SimulatedDisk(seed: 1), reserve: 0)
        log.setFull(LogStoreError(.noSpace, "The disk budget is used up.", remedy: "Make room."))
        #expect(throws: LogStoreError.self) { try append(log, to: orders) }
        try append(log, to: state)
        log.setFull(nil)
        try append(log, to: orders)
    }

    @Test("gives the reserve back when a write finds no room, and goes on")
    func reserve() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, _, state) = try open(disk, reserve: 100_000)
        try log.holdReserve()
        disk.capacity = disk.usedBytes
        try append(log, to: state, bytes: 90_000)
        #expect(log.highWatermark(of: state) == Offset(1))
        // Nothing is left to give.
        disk.capacity = disk.usedBytes
        #expect(throws: LogStoreError.self) { try append(log, to: state, bytes: 90_000) }
        disk.capacity = .max
        log.runCommitRound()
        try append(log, to: state)
        try log.holdReserve()
    }
}
