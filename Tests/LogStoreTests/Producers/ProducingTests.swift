import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A producer's batch")
struct ProducingTests {
    private let plant = ProducerPlant()

    @Test("is appended once, and answered with its first offsets when it comes again")
    func once() throws {
        try plant.open()
        try plant.append(["of nobody"])
        let first = plant.produce(2, sequence: 0)
        plant.commit()
        let again = plant.produce(2, sequence: 0)
        plant.commit()
        #expect(try first.get() == AppendedBatch(range: Offset(1)..<Offset(3), isDuplicate: false))
        #expect(try again.get() == AppendedBatch(range: Offset(1)..<Offset(3), isDuplicate: true))
        #expect(plant.log.logEnd(of: plant.orders) == Offset(3))
    }

    @Test("that comes again before it is synced is told with it, and not before")
    func duplicateBeforeSync() throws {
        try plant.open()
        _ = plant.produce(sequence: 0)
        plant.commit()
        let outcomes = [plant.produce(sequence: 1), plant.produce(sequence: 1)]
        #expect(outcomes.allSatisfy { !$0.isSet })
        plant.commit()
        #expect(try outcomes.map { try $0.get().range } == [Offset(1)..<Offset(2), Offset(1)..<Offset(2)])
    }

    @Test("fails with the one that it repeats, and is appended when it comes once more")
    func duplicateOfFailed() throws {
        try plant.open()
        _ = plant.produce(sequence: 0)
        plant.commit()
        let outcomes = [plant.produce(sequence: 1), plant.produce(sequence: 1)]
        plant.disk.faults.syncs = 1000
        plant.commit()
        plant.disk.faults.syncs = 0
        for outcome in outcomes { #expect(outcome.isLogFailure) }
        plant.clock.advance(milliseconds: 5000)
        plant.commit()
        let retried = plant.produce(sequence: 1)
        plant.commit()
        #expect(try retried.get() == AppendedBatch(range: Offset(1)..<Offset(2), isDuplicate: false))
    }

    @Test("is known as one of the last five, also after a kill, and as older than these otherwise")
    func five() throws {
        try plant.open()
        for sequence in 0..<Int32(7) {
            _ = plant.produce(sequence: sequence)
            plant.commit()
        }
        for isRestarted in [false, true] {
            if isRestarted { try plant.kill() }
            let outcomes = (0..<Int32(7)).map { plant.produce(sequence: $0) }
            plant.commit()
            for outcome in outcomes[..<2] { #expect(outcome.refusal == .outOfOrder(expected: 7)) }
            #expect(
                try outcomes[2...].map { try $0.get() }
                    == (2..<7).map { AppendedBatch(range: Offset($0)..<Offset($0 + 1), isDuplicate: true) })
        }
    }

    @Test("keeps its place among those of its producer while what is known of it is loaded")
    func order() throws {
        try plant.open()
        _ = plant.produce(sequence: 0)
        plant.commit()
        try plant.kill()
        let outcomes = (1..<Int32(9)).map { plant.produce(sequence: $0) }
        plant.commit()
        #expect(try outcomes.map { try $0.get().range.lowerBound } == (1..<9).map { Offset($0) })
    }

    @Test("is refused when one before it is missing, and when a newer epoch has written")
    func refusals() throws {
        try plant.open()
        _ = plant.produce(epoch: 1, sequence: 0)
        plant.commit()
        #expect(plant.produce(epoch: 1, sequence: 2).refusal == .outOfOrder(expected: 1))
        #expect(plant.produce(epoch: 0, sequence: 1).refusal == .fenced(currentEpoch: 1))
        #expect(plant.produce(of: 8, sequence: 4).refusal == .unknownProducer)
        #expect(plant.log.logEnd(of: plant.orders) == Offset(1))
    }

    @Test("follows the largest sequence number with 0")
    func wrap() throws {
        try plant.open()
        // The only way to stand there without two thousand million records.
        try plant.stage(producerBatch(2, of: 7, sequence: .max - 2))
        let outcomes = [plant.produce(2, sequence: .max), plant.produce(sequence: 1), plant.produce(2, sequence: .max)]
        plant.commit()
        #expect(
            try outcomes.map { try $0.get().range.lowerBound } == [Offset(2), Offset(4), Offset(2)])
    }

    @Test("is known after its segment was closed, and after the next start")
    func rolled() throws {
        try plant.open(segmentBytes: 1024)
        for sequence in 0..<Int32(40) {
            _ = plant.produce(sequence: sequence)
            plant.commit()
        }
        for _ in 0..<2 {
            let again = plant.produce(sequence: 39)
            let gap = plant.produce(sequence: 41)
            plant.commit()
            #expect(try again.get() == AppendedBatch(range: Offset(39)..<Offset(40), isDuplicate: true))
            #expect(gap.refusal == .outOfOrder(expected: 40))
            try plant.reopen()
        }
    }

    @Test("of a producer that was silent for seven days is refused, unless it is the first")
    func expiry() throws {
        try plant.open()
        _ = plant.produce(sequence: 0)
        plant.commit()
        plant.clock.advance(milliseconds: 7 * 86_400_000)
        try plant.reopen()
        let (late, new) = (plant.produce(sequence: 1), plant.produce(epoch: 1, sequence: 0))
        plant.commit()
        #expect(late.refusal == .unknownProducer)
        #expect(try new.get().range == Offset(1)..<Offset(2))
    }

    @Test("is known after a kill, however long ago the last mark was written")
    func oldMark() throws {
        try plant.open()
        try plant.append(["of nobody"])
        plant.clock.advance(milliseconds: 30 * 86_400_000)
        plant.commit()
        _ = plant.produce(sequence: 0)
        plant.commit()
        try plant.kill()
        let again = plant.produce(sequence: 0)
        plant.commit()
        #expect(try again.get() == AppendedBatch(range: Offset(1)..<Offset(2), isDuplicate: true))
    }

    @Test("is judged by the same rules in a buffered partition")
    func buffered() throws {
        try plant.open(isBuffered: true)
        let outcomes = [plant.produce(sequence: 0), plant.produce(sequence: 1), plant.produce(sequence: 0)]
        #expect(outcomes.allSatisfy { !$0.isSet })
        plant.commit()
        #expect(try outcomes.map { try $0.get().range.lowerBound } == [Offset(0), Offset(1), Offset(0)])
        // From now on nobody waits for the committing thread.
        #expect(try plant.produce(sequence: 2).get().range.lowerBound == Offset(2))
        #expect(try plant.produce(sequence: 2).get().isDuplicate)
        #expect(plant.produce(sequence: 4).refusal == .outOfOrder(expected: 3))
        try plant.reopen()
        #expect(!plant.produce(sequence: 2).isSet)
        plant.commit()
        #expect(plant.log.logEnd(of: plant.orders) == Offset(3))
    }

    @Test("that is staged when the log closes is told that it was closed, if it had to wait")
    func closing() throws {
        try plant.open()
        let outcome = plant.produce(sequence: 0)
        plant.log.close()
        #expect(outcome.isLogFailure)
    }
}

/// What came of a producer's batch.
final class ProducerOutcome: Sendable {
    private let result = Shared<Result<AppendedBatch, ProducerBatch.Failure>?>(nil)
    func set(_ value: Result<AppendedBatch, ProducerBatch.Failure>) {
        precondition(!isSet, "An outcome came twice")
        result.value = value
    }
    var isSet: Bool { result.value != nil }
    func get() throws -> AppendedBatch {
        struct NotCompleted: Error {}
        guard let result = result.value else { throw NotCompleted() }
        return try result.get()
    }
    /// What the partition's knowledge of the producer made of it.
    var refusal: ProducerVerdict? {
        if case .failure(.refused(let verdict)) = result.value { verdict } else { nil }
    }
    var isLogFailure: Bool { if case .failure(.log) = result.value { true } else { false } }
}
