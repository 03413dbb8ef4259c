import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("Any log, compacted")
struct CompactionPropertyTests {
    @Test("stands for the same, with the same records at the same offsets, however often", arguments: 1...25)
    func sameState(seed: UInt64) throws {
        var plant = try KeyedLog(SimulatedDisk(seed: seed))
        var random = RandomLog(seed: seed)
        plant.policy.mapBytes = random.generator.element(of: [4096, 1 << 20])
        var written: [Offset: StoredRecord] = [:]
        for _ in 0..<6 {
            for _ in 0..<random.generator.within(1...25) { try random.step(plant) }
            for stored in try plant.read().flatMap(\.records) { written[stored.offset] = stored }
            let before = try plant.state()
            let end = plant.log.highWatermark(of: plant.partition)
            try plant.compact()
            let after = try plant.state()
            #expect(after.state == before.state)
            #expect(after.keyless == before.keyless && after.undecided == before.undecided)
            #expect(plant.log.highWatermark(of: plant.partition) == end)
            for stored in try plant.read().flatMap(\.records) { #expect(written[stored.offset] == stored) }
            let batches = try plant.batches()
            #expect(zip(batches, batches.dropFirst()).allSatisfy { $0.offsets.upperBound == $1.offsets.lowerBound })
            // At most a day apart, so that some horizons are over and some are not.
            plant.clock.advance(milliseconds: Int64(random.generator.below(100_000_000)))
        }
        try random.end(plant)
        let before = try plant.state()
        try plant.compact()
        #expect(try plant.state().state == before.state)
        // Of everything that was compacted one record a key is left.
        let left = try plant.read().flatMap(\.records).filter { $0.record.key != nil }
        #expect(Set(left.map(\.record.key)).count == left.count)
    }

    @Test("tells the same of its producers", arguments: 1...15)
    func producers(seed: UInt64) throws {
        let plant = try KeyedLog(SimulatedDisk(seed: seed))
        var random = RandomLog(seed: seed)
        for _ in 0..<60 { try random.step(plant) }
        try random.end(plant)
        let before = try Self.lastBatches(plant)
        try plant.compact()
        #expect(try Self.lastBatches(plant) == before)
    }

    /// What each producer's next batch is held against.
    private static func lastBatches(_ plant: KeyedLog) throws -> [Int64: [Int64]] {
        var states = ProducerStates(at: .zero)
        for batch in try plant.batches() { states.apply(batch.header, marker: batch.marker, at: time(0)) }
        #expect(states.lastStableOffset(below: states.end) == states.end)
        return states.producers.compactMapValues { state in
            state.batches.last.map {
                [Int64(state.epoch), Int64($0.lastSequence), $0.lastOffset.rawValue, Int64($0.offsetDelta)]
            }
        }
    }
}
