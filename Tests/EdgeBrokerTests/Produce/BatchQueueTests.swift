import RecordFormat
import Testing

@testable import EdgeBroker

@Suite("A partition's queue of batches")
struct BatchQueueTests {
    private let record = Record(key: nil, value: [1, 2, 3])

    private func add(_ waiter: Int, size: Int = 50, to queue: inout BatchQueue<Int>) -> BatchQueue<Int>.Batch? {
        if case .send(let batch) = queue.add(record, size: size, waiter) { return batch }
        return nil
    }

    /// What comes after the batch on its way. A mutating call cannot stand in an expectation.
    private func sent(_ queue: inout BatchQueue<Int>) -> BatchQueue<Int>.Batch? { queue.sent() }

    private func lingered(_ number: UInt64, _ queue: inout BatchQueue<Int>) -> BatchQueue<Int>.Batch? {
        queue.lingered(number)
    }

    @Test("sends the first record at once, and what comes meanwhile as the next batch")
    func pipelining() throws {
        var queue = BatchQueue<Int>(limit: 1000, lingers: false)
        let first = try #require(add(1, to: &queue))
        #expect(first.waiters == [1])
        for waiter in 2...4 { #expect(add(waiter, to: &queue) == nil) }
        let second = try #require(sent(&queue))
        #expect(second.waiters == [2, 3, 4] && second.countedBytes == 150)
        #expect(sent(&queue) == nil)
        // Nothing is on its way, so the next one goes at once again.
        #expect(add(5, to: &queue)?.waiters == [5])
    }

    @Test("that is announced stays open until its round begins, and is followed by what comes then")
    func announced() {
        var queue = BatchQueue<Int>(limit: 200, lingers: false)
        func next(_ waiter: Int, size: Int = 50) -> BatchQueue<Int>.Next {
            queue.add(record, size: size, waiter, staysOpen: true)
        }
        if case .announce = next(0) {} else { Issue.record("The first record did not announce a batch") }
        for waiter in 1...9 {
            if case .join = next(waiter, size: 70) {} else { Issue.record("Record \(waiter) did not join") }
        }
        let batches = queue.takeAnnounced()
        #expect(batches.flatMap(\.waiters) == Array(0...9) && batches.count > 1)
        for var batch in batches { #expect(batch.wasAnnounced && batch.finish().count <= 200) }
        if case .announce = next(10) {} else { Issue.record("The next record did not announce the next batch") }
        let following = queue.takeAnnounced()
        #expect(following.map(\.waiters) == [[10]])
    }

    @Test("announces nothing while a batch is on its way, which is what the next ones are to follow")
    func announcedWhileSending() {
        var queue = BatchQueue<Int>(limit: 200, lingers: false)
        #expect(add(0, to: &queue) != nil)
        if case .nothing = queue.add(record, size: 50, 1, staysOpen: true) {} else { Issue.record("A batch overtook") }
        #expect(sent(&queue)?.waiters == [1])
    }

    @Test("closes a batch at its limit and keeps the order")
    func limit() {
        var queue = BatchQueue<Int>(limit: 200, lingers: false)
        #expect(add(0, to: &queue) != nil)
        for waiter in 1...9 { #expect(add(waiter, size: 70, to: &queue) == nil) }
        var order: [Int] = []
        var batches = 0
        while let batch = sent(&queue) {
            order += batch.waiters
            batches += 1
            var batch = batch
            #expect(batch.finish().count <= 200)
        }
        #expect(order == Array(1...9) && batches > 1)
    }

    @Test("takes a record above the limit alone")
    func large() {
        var queue = BatchQueue<Int>(limit: 200, lingers: false)
        #expect(add(1, size: 5000, to: &queue)?.waiters == [1])
        #expect(add(2, size: 5000, to: &queue) == nil)
        #expect(add(3, size: 5000, to: &queue) == nil)
        #expect(sent(&queue)?.waiters == [2])
        #expect(sent(&queue)?.waiters == [3])
    }

    @Test("lingers for company once, and is sent early by its size")
    func lingering() {
        var queue = BatchQueue<Int>(limit: 200, lingers: true)
        guard case .linger(let number) = queue.add(record, size: 50, 1) else {
            Issue.record("The first record does not linger")
            return
        }
        #expect(add(2, to: &queue) == nil)
        #expect(lingered(number, &queue)?.waiters == [1, 2])
        #expect(lingered(number, &queue) == nil)
        #expect(sent(&queue) == nil)
        guard case .linger(let next) = queue.add(record, size: 50, 3) else {
            Issue.record("The record after a pause does not linger")
            return
        }
        var sent: [Int] = []
        for waiter in 4...20 where sent.isEmpty { sent = add(waiter, size: 70, to: &queue)?.waiters ?? [] }
        #expect(sent.first == 3 && sent.count > 1)
        // The timer of the batch that went by its size finds another one open, or none.
        #expect(lingered(next, &queue) == nil)
    }
}
