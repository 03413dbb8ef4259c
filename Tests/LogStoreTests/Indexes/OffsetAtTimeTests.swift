import LogStore
import RecordFormat
import Testing

@Suite("Finding an offset by time")
struct OffsetAtTimeTests {
    /// Two records a batch, of these times and one later, over several closed segments; some batches are late.
    private static let times: [Int64] = (0..<300).map { $0 % 7 == 3 ? $0 * 10 - 35 : $0 * 10 }

    private func log() throws -> (TemporaryLog, Partition) {
        let temporary = try TemporaryLog(segmentBytes: 6000)
        let orders = try temporary.createTopic("orders")
        for time in Self.times {
            var builder = RecordBatchBuilder()
            for late in 0..<2 {
                builder.append(
                    key: nil, value: [UInt8](repeating: 7, count: 120), headers: [],
                    timestamp: Timestamp(millisecondsSince1970: 1000 + time + Int64(late)))
            }
            let outcome = Outcome()
            try temporary.log.stage(Append([Append.Batch(builder.finish(), to: orders)]) { outcome.set($0) })
            temporary.log.runCommitRound()
            _ = try outcome.get()
        }
        return (temporary, orders)
    }

    /// What Kafka promises: the first record, by offset, that is not earlier.
    private static func expected(_ time: Int64, from start: Int = 0, upTo end: Int) -> Int? {
        (start..<end).first { 1000 + times[$0 / 2] + Int64($0 % 2) >= time }
    }

    @Test(
        "gives the first record that is not earlier, whether the indexes are in memory, on disk or gone",
        arguments: [0, 1, 2])
    func everyTime(_ life: Int) throws {
        let (temporary, orders) = try log()
        var partition = orders
        if life > 0 {
            try temporary.reopen()
            partition = try temporary.partition("orders")
            temporary.log.followSyncedEnd(partition)
        }
        if life > 1 {
            let disk = PosixDisk()
            for name in try disk.list(partition.path) where name.hasSuffix("index") {
                try disk.remove(partition.path + "/" + name)
            }
        }
        let end = temporary.log.highWatermark(of: partition)
        try #require(end == Offset(600))
        for time in stride(from: Int64(990), to: 4010, by: 7) {
            let timestamp = Timestamp(millisecondsSince1970: time)
            let found = try temporary.log.offset(in: partition, at: timestamp, upTo: end)
            #expect(found.map { Int($0.offset.rawValue) } == Self.expected(time, upTo: 600), "\(time)")
            if let found { #expect(found.timestamp >= timestamp) }
        }
    }

    @Test("counts only what lies between the log start and the limit")
    func bounds() throws {
        let (temporary, orders) = try log()
        try temporary.log.deleteRecords(of: orders, below: Offset(101))
        let early = Timestamp(millisecondsSince1970: 0)
        #expect(try temporary.log.offset(in: orders, at: early, upTo: Offset(600))?.offset == Offset(101))
        let late = Timestamp(millisecondsSince1970: 1000 + Self.times[200])
        #expect(try temporary.log.offset(in: orders, at: late, upTo: Offset(400)) == nil)
        #expect(try temporary.log.offset(in: orders, at: late, upTo: Offset(401))?.offset == Offset(400))
    }

    /// An index entry names the last offset of its batch.
    @Test("gives the first of several records of one time, where the index has that time as well")
    func sameTime() throws {
        let temporary = try TemporaryLog(segmentBytes: 2000)
        let orders = try temporary.createTopic("orders")
        for time in 0..<40 {
            var builder = RecordBatchBuilder()
            for _ in 0..<3 {
                builder.append(
                    key: nil, value: [UInt8](repeating: 7, count: 120), headers: [],
                    timestamp: Timestamp(millisecondsSince1970: 1000 + Int64(time)))
            }
            try temporary.append(bytes: builder.finish(), to: orders)
        }
        try temporary.reopen()
        let partition = try temporary.partition("orders")
        temporary.log.followSyncedEnd(partition)
        for time in 0..<40 {
            let timestamp = Timestamp(millisecondsSince1970: 1000 + Int64(time))
            let found = try temporary.log.offset(in: partition, at: timestamp, upTo: Offset(120))
            #expect(found?.offset == Offset(3 * Int64(time)))
        }
    }
}
