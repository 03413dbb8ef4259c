import LogStore
import RecordFormat
import Testing

@Suite("What a partition knows of its producers")
struct ProducerStatesTests {
    private let now = time(1_700_000_000_000)
    private static let transactional: Int16 = 1 << 4
    private static let control: Int16 = 1 << 4 | 1 << 5

    /// Five batches of two records each, of producer 7 in epoch 3: sequence numbers and offsets 0…9, 10 is next.
    private func fiveBatches() throws -> ProducerStates {
        var states = ProducerStates(at: .zero)
        for number in 0..<5 {
            try append(&states, records: 2, sequence: Int32(2 * number))
        }
        return states
    }

    private func append(
        _ states: inout ProducerStates, producer: Int64 = 7, epoch: Int16 = 3, records: Int32 = 1, sequence: Int32,
        transactional: Bool = false
    ) throws {
        states.apply(
            try header(
                base: states.end.rawValue, records: records, producer: producer, epoch: epoch, sequence: sequence,
                attributes: transactional ? Self.transactional : 0),
            at: now)
    }

    @discardableResult
    private func end(
        _ states: inout ProducerStates, _ kind: TransactionMarker.Kind, producer: Int64 = 7, epoch: Int16 = 3
    ) throws -> AbortedTransaction? {
        states.apply(
            try header(base: states.end.rawValue, producer: producer, epoch: epoch, attributes: Self.control),
            marker: TransactionMarker(kind, coordinatorEpoch: 1), at: now)
    }

    // MARK: Verdicts

    @Test(
        "is who may append what",
        arguments: [
            // producer, epoch, first sequence, records
            (7, 3, 10, 1, .append), (7, 3, 11, 1, .outOfOrder(expected: 10)), (7, 3, 9, 1, .outOfOrder(expected: 10)),
            (7, 2, 10, 1, .fenced(currentEpoch: 3)), (7, 4, 0, 1, .append), (7, 4, 10, 1, .outOfOrder(expected: 0)),
            // Only the very same batch is a duplicate.
            (7, 3, 8, 2, .duplicate(Offset(8)..<Offset(10), appendTime: time(1_700_000_000_000))),
            (7, 3, 0, 2, .duplicate(Offset(0)..<Offset(2), appendTime: time(1_700_000_000_000))),
            (7, 3, 8, 1, .outOfOrder(expected: 10)), (7, 3, 6, 4, .outOfOrder(expected: 10)),
            (8, 0, 0, 1, .append), (8, 0, 5, 1, .unknownProducer), (-1, -1, -1, 1, .append), (7, 3, -1, 1, .append),
        ] as [(Int64, Int16, Int32, Int32, ProducerVerdict)])
    func verdicts(producer: Int64, epoch: Int16, sequence: Int32, records: Int32, verdict: ProducerVerdict) throws {
        let header = try header(records: records, producer: producer, epoch: epoch, sequence: sequence)
        #expect(try fiveBatches().verdict(on: header) == verdict)
    }

    @Test("reaches five batches back, and no further")
    func fiveBack() throws {
        var states = try fiveBatches()
        try append(&states, records: 2, sequence: 10)
        #expect(
            states.verdict(on: try header(records: 2, producer: 7, epoch: 3, sequence: 0)) == .outOfOrder(expected: 12))
        guard case .duplicate = states.verdict(on: try header(records: 2, producer: 7, epoch: 3, sequence: 2)) else {
            Issue.record("the fifth batch back was not recognised")
            return
        }
    }

    @Test("goes on from 0 after the largest sequence number, also in the middle of a batch")
    func wrap() throws {
        var states = ProducerStates(at: .zero)
        try append(&states, records: 2, sequence: Int32.max - 2)
        #expect(states.verdict(on: try header(producer: 7, epoch: 3, sequence: 0)) == .outOfOrder(expected: .max))
        try append(&states, records: 4, sequence: .max)
        #expect(states.producers[7]?.batches.last?.lastSequence == 2)
        #expect(states.producers[7]?.batches.last?.firstSequence == .max)
        #expect(states.verdict(on: try header(producer: 7, epoch: 3, sequence: 3)) == .append)
    }

    @Test("begins anew with a new epoch")
    func newEpoch() throws {
        var states = try fiveBatches()
        try append(&states, epoch: 4, sequence: 0)
        #expect(states.producers[7]?.batches.map(\.lastSequence) == [0])
        #expect(
            states.verdict(on: try header(records: 2, producer: 7, epoch: 3, sequence: 8)) == .fenced(currentEpoch: 4))
    }

    @Test("of a batch that a compaction emptied is the same as of the whole one")
    func emptied() throws {
        var states = ProducerStates(at: .zero)
        states.apply(try header(records: 0, offsets: 2, producer: 7, epoch: 3, sequence: 8), at: now)
        #expect(
            states.verdict(on: try header(records: 2, producer: 7, epoch: 3, sequence: 8))
                == .duplicate(Offset(0)..<Offset(2), appendTime: now))
    }

    // MARK: Transactions

    @Test("an abort names its transaction and the first offset that is still open; a commit names nothing")
    func aborted() throws {
        var states = ProducerStates(at: .zero)
        try append(&states, producer: 1, sequence: 0, transactional: true)
        try append(&states, producer: 2, sequence: 0, transactional: true)
        try append(&states, producer: 1, sequence: 1, transactional: true)
        #expect(
            try end(&states, .abort, producer: 2)
                == AbortedTransaction(
                    producerID: 2, firstOffset: Offset(1), lastOffset: Offset(3), lastStableOffset: Offset(0)))
        #expect(try end(&states, .commit, producer: 1) == nil)
        try append(&states, producer: 1, sequence: 2, transactional: true)
        #expect(
            try end(&states, .abort, producer: 1)
                == AbortedTransaction(
                    producerID: 1, firstOffset: Offset(5), lastOffset: Offset(6), lastStableOffset: Offset(7)))
        // Nothing is open: a marker again, perhaps written twice by its coordinator.
        #expect(try end(&states, .abort, producer: 1) == nil)
    }

    @Test("inside its transaction a producer may not write outside of it")
    func outside() throws {
        var states = ProducerStates(at: .zero)
        try append(&states, sequence: 0, transactional: true)
        #expect(states.verdict(on: try header(producer: 7, epoch: 3, sequence: 1)) == .transactionOpen)
        try end(&states, .commit)
        #expect(states.verdict(on: try header(producer: 7, epoch: 3, sequence: 1)) == .append)
    }

    @Test("the last stable offset is the first of an open transaction, or of one whose marker may be lost")
    func lastStableOffset() throws {
        var states = ProducerStates(at: .zero)
        try append(&states, producer: 1, sequence: 0)
        #expect(states.lastStableOffset(below: states.end) == Offset(1))
        try append(&states, producer: 1, sequence: 1, transactional: true)
        try append(&states, producer: 2, sequence: 0)
        #expect(states.lastStableOffset(below: states.end) == Offset(1))
        try end(&states, .commit, producer: 1)
        #expect(states.lastStableOffset(below: Offset(3)) == Offset(1))
        #expect(states.lastStableOffset(below: Offset(4)) == Offset(4))
        states.noteHighWatermark(Offset(3))
        #expect(states.lastStableOffset(below: Offset(3)) == Offset(1))
        states.noteHighWatermark(Offset(4))
        #expect(states.lastStableOffset(below: Offset(4)) == Offset(4))
    }

    @Test("a transaction of which a compaction left only an empty batch is not open")
    func compactedTransaction() throws {
        var states = ProducerStates(at: .zero)
        states.apply(try header(records: 0, producer: 7, sequence: 0, attributes: Self.transactional), at: now)
        #expect(states.lastStableOffset(below: Offset(1)) == Offset(1))
        states.apply(try header(base: 1, records: 0, producer: 7, attributes: Self.control), at: now)
        #expect(states.producers[7]?.batches.count == 1)
    }

    // MARK: Expiry

    @Test("a producer is forgotten exactly when it was silent for the limit, unless its transaction is open")
    func expiry() throws {
        var states = ProducerStates(at: .zero)
        try append(&states, producer: 1, sequence: 0)
        try append(&states, producer: 2, sequence: 0, transactional: true)
        var early = states
        early.expire(at: time(now.millisecondsSince1970 + 999), after: .seconds(1))
        #expect(early == states)
        states.expire(at: time(now.millisecondsSince1970 + 1000), after: .seconds(1))
        #expect(states.producers.keys.sorted() == [2])
    }

    @Test("a clock that is far back forgets nobody")
    func clockBack() throws {
        var states = try fiveBatches()
        states.expire(at: time(.min), after: .seconds(1))
        #expect(states.producers.count == 1)
    }
}
