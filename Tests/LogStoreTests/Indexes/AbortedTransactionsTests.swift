import LogStore
import RecordFormat
import Testing

@Suite("Aborted transactions of a log")
struct AbortedTransactionsTests {
    /// Producers 0…3 in turn, ten batches each, over several segments; 0 and 2 abort. Several markers share a commit round.
    private func log(rounds: Int = 6) throws -> (TemporaryLog, Partition, [AbortedTransaction]) {
        let temporary = try TemporaryLog(segmentBytes: 3000)
        let orders = try temporary.createTopic("orders")
        var expected: [AbortedTransaction] = []
        var next: Int64 = 0
        for round in 0..<Int32(rounds) {
            let start = next
            for number in 0..<10 {
                let batches = (0..<4).map {
                    producerBatch(of: $0, sequence: 10 * round + Int32(number), transactional: true)
                }
                try temporary.commit(batches, to: orders)
                next += 4
            }
            let ends = (0..<Int64(4)).map { transactionEnd($0 % 2 == 0 ? .abort : .commit, of: $0) }
            try temporary.commit(ends, to: orders)
            for producer in [0, 2] as [Int64] {
                expected.append(
                    AbortedTransaction(
                        producerID: producer, firstOffset: Offset(start + producer),
                        lastOffset: Offset(next + producer), lastStableOffset: Offset(start + producer + 1)))
            }
            next += 4
        }
        return (temporary, orders, expected)
    }

    @Test(
        "are found where their records are, whether the indexes are in memory, on disk or gone",
        arguments: [0, 1, 2, 3])
    func everywhere(life: Int) throws {
        let (temporary, orders, expected) = try log()
        var partition = orders
        #expect(try temporary.names(orders, suffix: ".log").count > 4)
        #expect(try temporary.names(orders, suffix: ".txnindex").count > 2)
        if life > 0 { try temporary.reopen() }
        if life > 1 {
            for name in try temporary.names(orders, suffix: ".txnindex") {
                try PosixDisk().remove(orders.path + "/" + name)
            }
        }
        if life > 2 {
            for name in try temporary.names(orders, suffix: ".snapshot") {
                try PosixDisk().remove(orders.path + "/" + name)
            }
        }
        if life > 0 {
            partition = try temporary.partition("orders")
            temporary.log.followSyncedEnd(partition)
        }
        let end = temporary.log.highWatermark(of: partition).rawValue
        for start in stride(from: Int64(0), to: end, by: 7) {
            for length in [1, 20, 100] as [Int64] {
                let offsets = Offset(start)..<Offset(min(start + length, end))
                let found = try temporary.log.abortedTransactions(in: partition, overlapping: offsets)
                let wanted = expected.filter {
                    $0.lastOffset >= offsets.lowerBound && $0.firstOffset < offsets.upperBound
                }
                #expect(found == wanted, "\(offsets)")
            }
        }
    }
}
