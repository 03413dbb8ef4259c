import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("Deleting records")
struct DeletingRecordsTests {
    private let clock = SimulatedClock()

    private func open(_ disk: SimulatedDisk) throws -> (LogDirectory, Partition) {
        try openOrders(on: disk, clock: clock, segmentBytes: 1024)
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

    @Test("removes with the next deletion what could not be removed with the last one")
    func leftBehind() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, orders) = try open(disk)
        try fill(log, orders, 0..<50)
        let files = disk.paths.count { $0.hasSuffix(".log") }
        disk.faults.names = 1000
        try log.deleteRecords(of: orders, below: Offset(30))
        #expect(orders.logStart == Offset(30))
        #expect(disk.paths.count { $0.hasSuffix(".log") } == files)
        disk.faults.names = 0
        try log.deleteRecords(of: orders, below: Offset(30))
        #expect(disk.paths.count { $0.hasSuffix(".log") } < files)
        #expect(try numbers(log, orders) == Array(30..<50))
    }

    @Test("waits until a partition that failed is open again: its mark must not say more than it will hold")
    func failed() throws {
        let disk = SimulatedDisk(seed: 1)
        let (log, orders) = try open(disk)
        try fill(log, orders, 0..<20)
        disk.faults.syncs = 1000
        #expect(throws: LogStoreError.self) { try fill(log, orders, 20..<21) }
        disk.faults.syncs = 0
        #expect(throws: LogStoreError.self) { try log.deleteRecords(of: orders, below: Offset(10)) }
        #expect(orders.logStart == .zero)
        clock.advance(milliseconds: 1000)
        log.runCommitRound()
        try log.deleteRecords(of: orders, below: Offset(10))
        #expect(try numbers(log, orders) == Array(10..<20))
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
