import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("Deleting records")
struct DeletingRecordsTests {
    private let clock = SimulatedClock()

    private func open(_ disk: SimulatedDisk) throws -> (LogDirectory, Partition) {
        var configuration = LogDirectoryConfiguration(path: "/log")
        configuration.segmentBytes = 1024
        let log = try LogDirectory.open(configuration, disk: disk, clock: clock.logClock, random: Counter().next)
        let name = TopicPartition(topic: "orders", partition: 0)
        if log.partition(name) == nil {
            try log.createPartitions(topic: "orders", id: Identifier(random: Counter(start: 9).next), count: 1)
        }
        let partition = try #require(log.partition(name))
        log.followSyncedEnd(partition)
        return (log, partition)
    }

    private func fill(_ log: LogDirectory, _ partition: Partition, _ numbers: Range<Int>) throws {
        for number in numbers {
            let outcome = Outcome()
            let value = "\(number) " + String(repeating: "z", count: 80)
            try log.stage(Append([Append.Batch(batch([value]), to: partition)]) { outcome.set($0) })
            log.runCommitRound()
            _ = try outcome.get()
        }
    }

    private func numbers(_ log: LogDirectory, _ partition: Partition) throws -> [Int] {
        var numbers: [Int] = []
        var next = partition.logStart
        let end = log.highWatermark(of: partition)
        while next < end {
            let read = try log.read(partition, from: next, upTo: end, maxBytes: 1 << 20)
            for stored in try read.batches.flatMap({ try $0.withUnsafeBytes { try decodeRecords($0) } }) {
                let text = String(decoding: stored.record.value ?? [], as: UTF8.self)
                numbers.append(try #require(text.split(separator: " ").first.flatMap { Int($0) }))
            }
            next = read.nextOffset
        }
        return numbers
    }

    @Test("moves the log start, removes what lies wholly below it, and nothing above")
    func deletes() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, orders) = try open(disk)
        try fill(log, orders, 0..<50)
        let files = disk.paths.count { $0.hasSuffix(".log") }
        try log.deleteRecords(of: orders, below: Offset(23))
        #expect(orders.logStart == Offset(23))
        #expect(disk.paths.count { $0.hasSuffix(".log") } < files)
        #expect(try numbers(log, orders) == Array(23..<50))
        #expect(throws: LogStoreError.self) {
            _ = try log.read(orders, from: Offset(22), upTo: Offset(50), maxBytes: 1000)
        }
        log.close()
        let (again, same) = try open(disk.afterPowerCut())
        #expect(again.recovery.damages.isEmpty)
        #expect(same.logStart == Offset(23))
        #expect(try numbers(again, same) == Array(23..<50))
    }

    @Test("does not go back, and not past the high watermark")
    func bounds() throws {
        let (log, orders) = try open(SimulatedDisk(seed: 1))
        try fill(log, orders, 0..<5)
        try log.deleteRecords(of: orders, below: Offset(4))
        try log.deleteRecords(of: orders, below: Offset(2))
        #expect(orders.logStart == Offset(4))
        #expect(throws: LogStoreError.self) { try log.deleteRecords(of: orders, below: Offset(6)) }
    }

    @Test("deletes everything and goes on with the next offset")
    func everything() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, orders) = try open(disk)
        try fill(log, orders, 0..<30)
        try log.roll(orders)
        try log.deleteRecords(of: orders, below: Offset(30))
        #expect(disk.paths.filter { $0.contains("orders-0") && $0.hasSuffix(".log") }.count == 1)
        try fill(log, orders, 30..<32)
        #expect(try numbers(log, orders) == [30, 31])
    }

    @Test("survives power loss at any call: the log start is the old one or the new one, and nothing above it is lost")
    func powerCuts() throws {
        for cut in 1... {
            let first = SimulatedDisk(seed: UInt64(cut))
            let (log, orders) = try open(first)
            try fill(log, orders, 0..<40)
            log.close()
            let disk = first.afterKill()
            disk.powerCutAt = cut
            do {
                let (log, orders) = try open(disk)
                try log.deleteRecords(of: orders, below: Offset(17))
                try log.deleteRecords(of: orders, below: Offset(31))
                log.close()
                if disk.isPowered { return }
            } catch {
                try #require(!disk.isPowered, "cut at \(cut): \(error)")
            }
            let (again, same) = try open(disk.afterPowerCut())
            #expect(again.recovery.damages.isEmpty, "cut at \(cut)")
            let start = Int(same.logStart.rawValue)
            #expect([0, 17, 31].contains(start), "cut at \(cut)")
            #expect(try numbers(again, same) == Array(start..<40), "cut at \(cut)")
        }
    }
}
