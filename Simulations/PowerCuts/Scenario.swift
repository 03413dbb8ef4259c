import EdgeBrokerTesting

/// What a seed chooses about its plant, once and for all its lives.
struct Scenario: CustomStringConvertible {
    struct Topic {
        let name: String
        let partitions: Int32
        let keeping: Keeping
    }

    let lives: Int
    let segmentBytes: Int
    /// Topics that records are appended to from outside.
    let topics: [Topic]
    let capturedTopics: [String]
    /// Of the transaction index.
    let checkpointBytes: Int
    let commitsOffsets: Bool
    let syncKeepsNames: Bool
    let hasFaults: Bool
    let fillsUp: Bool
    /// Bytes that all topics may take; `nil`: no limit.
    let budget: Int64?
    let reserveBytes: Int
    /// How often, per mille of syncs, something goes on while the disk flushes.
    let appendsDuringSync: Int
    /// How often, per mille of disk operations, power is lost beside the plant's own life.
    let cutsBeside: Int
    let rots: Int

    init(_ generator: inout SeededGenerator) {
        lives = generator.element(of: [2, 2, 3])
        segmentBytes = generator.element(of: [1024, 1024, 1024, 2048, 12_288])
        var topics: [Topic] = []
        for name in ["orders", "alarms", "states"].prefix(generator.element(of: [1, 1, 2, 2, 3])) {
            var keeping = Keeping(
                generator.element(of: [.everything, .everything, .buffered, .byAge, .bySize, .compacted]))
            keeping.bytes = Int64(generator.within(1000...6000))
            keeping.tombstones = .seconds(generator.element(of: [0, 15, 1000]))
            let partitions = keeping.kind == .everything && generator.chance(300) ? 2 : 1
            topics.append(Topic(name: name, partitions: Int32(partitions), keeping: keeping))
        }
        self.topics = topics
        capturedTopics = Array(["erp.items", "erp.work_orders"].prefix(generator.element(of: [0, 0, 1, 1, 2])))
        checkpointBytes = generator.element(of: [200, 500, 1 << 20])
        commitsOffsets = generator.chance(400)
        syncKeepsNames = generator.chance(300)
        hasFaults = generator.chance(300)
        fillsUp = generator.chance(150)
        budget = generator.chance(200) ? Int64(generator.within(6000...30_000)) : nil
        reserveBytes = generator.chance(300) ? generator.within(500...4000) : 0
        appendsDuringSync = generator.element(of: [0, 100, 300, 600])
        cutsBeside = generator.element(of: [150, 400, 800])
        rots = generator.element(of: [0, 1, 3])
    }

    /// Room may be short.
    var isTight: Bool { fillsUp || budget != nil }

    var description: String {
        """
        \(lives) lives, segments of \(segmentBytes) bytes, topics \(topics.map { "\($0.name)/\($0.partitions) \($0.keeping.kind)" }), \
        captured \(capturedTopics), checkpoints every \(checkpointBytes) bytes, offsets: \(commitsOffsets), \
        sync keeps names: \(syncKeepsNames), faults: \(hasFaults), fills up: \(fillsUp), budget: \(budget ?? -1), \
        reserve: \(reserveBytes), appends during syncs: \(appendsDuringSync) ‰, cuts beside: \(cutsBeside) ‰, rots: \(rots)
        """
    }
}
