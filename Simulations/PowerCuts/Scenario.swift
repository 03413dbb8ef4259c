import EdgeBrokerTesting

/// What a seed chooses about its plant, once and for all its lives.
struct Scenario: CustomStringConvertible {
    let lives: Int
    let segmentBytes: Int
    /// Partitions of each topic that records are appended to from outside.
    let topics: [(name: String, partitions: Int32)]
    let capturedTopics: [String]
    let syncKeepsNames: Bool
    let hasFaults: Bool
    let fillsUp: Bool
    /// How often, per mille of syncs, something goes on while the disk flushes.
    let appendsDuringSync: Int
    let rotsAtTheEnd: Bool

    init(_ generator: inout SeededGenerator) {
        lives = generator.within(2...5)
        segmentBytes = generator.element(of: [1024, 1024, 2048, 4096, 16_384])
        topics = [("orders", Int32(generator.within(1...3))), ("alarms", 1)].prefix(generator.within(1...2)).map { $0 }
        capturedTopics = Array(
            ["erp.items", "erp.work_orders", "erp.operations"].prefix(generator.within(0...3)))
        syncKeepsNames = generator.chance(300)
        hasFaults = generator.chance(300)
        fillsUp = generator.chance(120)
        appendsDuringSync = generator.element(of: [0, 100, 300, 600])
        rotsAtTheEnd = generator.chance(250)
    }

    var description: String {
        """
        \(lives) lives, segments of \(segmentBytes) bytes, topics \(topics.map { "\($0.name)/\($0.partitions)" }), \
        captured \(capturedTopics), sync keeps names: \(syncKeepsNames), faults: \(hasFaults), fills up: \(fillsUp), \
        appends during syncs: \(appendsDuringSync) ‰, rot: \(rotsAtTheEnd)
        """
    }
}
