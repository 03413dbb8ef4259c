import EdgeBroker
import EdgeBrokerTesting
import RecordFormat

extension World {
    /// The faults stop: within a few minutes everybody who is left works, and every partition has one owner.
    mutating func settle() throws(Violation) {
        trace("the faults stop")
        journal.setRefusing(false)
        for place in consumers.indices { consumers[place].pausedUntil = nil }
        dropFormerInstances()
        for _ in 0..<500 {
            clock.advance(milliseconds: 1000)
            coordinator.fireTimers()
            while journal.hasPending { journal.syncNext() }
            try settleCommits()
            for place in consumers.indices {
                try act(place, isOrderly: true)
                while journal.hasPending { journal.syncNext() }
                try act(place, isOrderly: true)
            }
            consumers.removeAll(where: \.isFenced)
            if isSettled { return }
        }
        let description = coordinator.describe(Self.group)
        throw Violation(
            "the group does not settle: \(description.state.rawValue), generation \(description.generation), "
                + "\(description.members.count) members; consumers \(consumers.map { "\($0.process): \($0.phase)" })")
    }

    /// Of several processes under one instance id the last stays: they would put each other out for ever.
    private mutating func dropFormerInstances() {
        var seen: Set<String> = []
        for place in consumers.indices.reversed() {
            guard let instance = consumers[place].instance else { continue }
            if !seen.insert(instance).inserted { consumers.remove(at: place) }
        }
    }

    private var isSettled: Bool {
        let description = coordinator.describe(Self.group)
        if consumers.isEmpty { return description.members.isEmpty }
        guard description.state == .stable, description.members.count == consumers.count,
            consumers.allSatisfy({ $0.isWorking && $0.generation == description.generation })
        else { return false }
        let owned = consumers.flatMap { $0.positions.keys }
        return owned.count == Int(partitionCount) && Set(owned).count == owned.count
    }
}
