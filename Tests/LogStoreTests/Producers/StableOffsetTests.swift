import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The last stable offset")
struct StableOffsetTests {
    private let plant = ProducerPlant()

    private var stable: Offset? { plant.log.lastStableOffset(of: plant.orders) }

    @Test("is the high watermark without transactions")
    func none() throws {
        try plant.open()
        #expect(stable == .zero)
        _ = plant.produce(sequence: 0)
        plant.commit()
        #expect(stable == Offset(1))
    }

    @Test("stays where the oldest open transaction begins, and moves once its marker is synced")
    func open() throws {
        try plant.open()
        try plant.append(["before"])
        for id in [1, 2] as [Int64] {
            _ = plant.produce(of: id, sequence: 0, transactional: true)
            plant.commit()
            #expect(stable == Offset(1))
        }
        try plant.log.stage(Append([Append.Batch(transactionEnd(.commit, of: 1), to: plant.orders)]) { _ in })
        #expect(stable == Offset(1))
        plant.commit()
        #expect(stable == Offset(2))
        try plant.stage(transactionEnd(.abort, of: 2))
        #expect(stable == Offset(5))
    }

    @Test("is not known after a start until somebody looks for open transactions", arguments: [true, false])
    func restart(isOpen: Bool) throws {
        try plant.open()
        try plant.append(["before"])
        try plant.stage(producerBatch(of: 1, sequence: 0, transactional: true))
        if !isOpen { try plant.stage(transactionEnd(.commit, of: 1)) }
        try plant.kill()
        #expect(stable == nil)
        let expected = Offset(isOpen ? 1 : 3)
        #expect(try plant.log.findStableOffset(of: plant.orders) == expected)
        #expect(stable == expected)
        try plant.append(["behind"])
        #expect(stable == Offset(isOpen ? 1 : 4))
    }

    @Test("does not move with a marker whose sync fails")
    func failedMarker() throws {
        try plant.open()
        try plant.stage(producerBatch(of: 1, sequence: 0, transactional: true))
        plant.disk.faults.syncs = 1000
        try plant.stage(transactionEnd(.commit, of: 1))
        plant.disk.faults.syncs = 0
        #expect(stable == .zero)
        plant.clock.advance(milliseconds: 5000)
        plant.commit()
        #expect(stable == .zero)
        try plant.stage(transactionEnd(.commit, of: 1))
        #expect(stable == Offset(2))
    }

    @Test("wakes readers of committed records, when the others have long been served")
    func waiting() throws {
        try plant.open()
        let (all, committed) = (Shared(false), Shared(false))
        _ = plant.log.whenReadable(plant.orders, beyond: .zero) { all.value = true }
        _ = plant.log.whenReadable(plant.orders, beyond: .zero, isolation: .committed) { committed.value = true }
        try plant.stage(producerBatch(of: 1, sequence: 0, transactional: true))
        #expect(all.value && !committed.value)
        try plant.stage(transactionEnd(.commit, of: 1))
        #expect(committed.value)
    }

    @Test("bounds what a compaction may touch")
    func compaction() throws {
        try plant.open(segmentBytes: 1024)
        try plant.stage(producerBatch(of: 1, sequence: 0, transactional: true))
        for _ in 0..<40 { try plant.append(["some record of no key"]) }
        var policy = CompactionPolicy()
        policy.dirtyRatio = 0
        func due() throws -> Bool {
            try CompactionRun(
                plant.orders, of: plant.log, policy, at: plant.log.now,
                below: plant.log.highWatermark(of: plant.orders),
                random: { 1 }) != nil
        }
        #expect(try !due())
        try plant.stage(transactionEnd(.commit, of: 1))
        #expect(try due())
    }
}
