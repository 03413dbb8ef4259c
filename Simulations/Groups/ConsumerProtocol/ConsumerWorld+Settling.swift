import EdgeBroker
import EdgeBrokerTesting

extension ConsumerWorld {
    /// The faults stop: within a few minutes everybody who is left works, and every partition has one owner.
    mutating func settle() throws(Violation) {
        trace("the faults stop")
        journal.setRefusing(false)
        for place in consumers.indices { consumers[place].pausedUntil = nil }
        for _ in 0..<300 {
            clock.advance(milliseconds: 1000)
            coordinator.fireTimers()
            for _ in 0..<2 {
                for place in consumers.indices {
                    try act(place, isOrderly: true)
                    while journal.hasPending { journal.syncNext() }
                    try observe()
                }
            }
            consumers.removeAll(where: \.isFenced)
            if isSettled { return }
        }
        let description = coordinator.describe(Self.group)
        throw Violation(
            "the group does not settle: \(description.state.rawValue), epoch \(description.generation), "
                + "\(description.members.count) members; "
                + "consumers \(consumers.map { "\($0.process) in \($0.epoch): \($0.positions.keys.sorted())" })")
    }

    private var isSettled: Bool {
        let description = coordinator.describe(Self.group)
        if consumers.isEmpty { return description.members.isEmpty }
        let owned = consumers.flatMap { $0.positions.keys }
        return description.state == .stable && description.members.count == consumers.count
            && consumers.allSatisfy { $0.epoch == description.generation }
            && owned.count == Int(topics.partitionCount) && Set(owned).count == owned.count
    }
}
