/// What of a group is still to be written, and who waits for it.
struct ConsumerGroupWriting: Sendable {
    /// One record's place in the log's key space.
    enum Slot: Sendable, Hashable {
        /// The record of the classic group that this one was; only ever taken back.
        case classicGroup
        case epoch, topics, targetEpoch
        case member(String), target(String), current(String)
    }

    struct Waiting: Sendable {
        let token: GroupToken
        let answer: ConsumerHeartbeatAnswer
    }

    struct Write: Sendable {
        let number: UInt64
        let slots: Set<Slot>
        var waiting: [Waiting] = []
    }

    /// What differs from what the log has, or may.
    private(set) var unwritten: Set<Slot> = []
    /// On the way to the disk, in order.
    private(set) var writes: [Write] = []
    private var lastNumber: UInt64 = 0

    /// What the log may not have as it is.
    var unsettled: Set<Slot> { writes.reduce(into: unwritten) { $0.formUnion($1.slots) } }
    /// All who wait for a write.
    var waiting: [Waiting] { writes.flatMap(\.waiting) }

    var isAtRest: Bool { unwritten.isEmpty && writes.isEmpty }
    var hasUnwritten: Bool { !unwritten.isEmpty }

    mutating func mark(_ slots: Slot...) { unwritten.formUnion(slots) }

    /// - Returns: what is to be written now, under which number; `nil`: nothing.
    mutating func begin() -> (number: UInt64, slots: Set<Slot>)? {
        if unwritten.isEmpty { return nil }
        lastNumber += 1
        defer { unwritten = [] }
        writes.append(Write(number: lastNumber, slots: unwritten))
        return (lastNumber, unwritten)
    }

    /// - Returns: false if nothing is on the way, so nothing need be waited for.
    mutating func wait(_ waiting: Waiting) -> Bool {
        if writes.isEmpty { return false }
        writes[writes.count - 1].waiting.append(waiting)
        return true
    }

    /// A write is synced, or was not taken. After a failure nobody knows what the log has, and what was appended behind it builds on it:
    /// all of that is to be written again.
    /// - Returns: who has waited for it.
    mutating func end(_ number: UInt64, isWritten: Bool) -> [Waiting] {
        guard let place = writes.firstIndex(where: { $0.number == number }) else { return [] }
        if isWritten { return writes.remove(at: place).waiting }
        let failed = writes[place...]
        writes.removeSubrange(place...)
        for write in failed { unwritten.formUnion(write.slots) }
        return failed.flatMap(\.waiting)
    }
}

extension ConsumerGroupStateMachine {
    /// Writes what has changed.
    mutating func flush() -> [ConsumerGroupAction] {
        guard let (number, slots) = writing.begin() else { return [] }
        return [.persist(number, records(of: slots))]
    }

    /// Writes what has changed, and answers once that is synced, and all that was decided before.
    mutating func flush(_ token: GroupToken, _ answer: ConsumerHeartbeatAnswer) -> [ConsumerGroupAction] {
        let actions = flush()
        let waits = writing.wait(ConsumerGroupWriting.Waiting(token: token, answer: answer))
        if !waits { return actions + [.answer(token, .success(answer))] }
        if PlantedGroupBug.heartbeatAnsweredBeforeWritten.isActive {
            return [.answer(token, .success(answer))] + actions
        }
        return actions
    }

    /// Records that ``ConsumerGroupAction/persist(_:_:)`` asked for are synced, or were not taken.
    package mutating func wrote(_ number: UInt64, _ error: GroupError?) -> [ConsumerGroupAction] {
        writing.end(number, isWritten: error == nil).map { waiting in
            guard let error else { return .answer(waiting.token, .success(waiting.answer)) }
            members[waiting.answer.memberID]?.mustHear = true
            return .answer(waiting.token, .failure(error))
        }
    }

    /// What the log did not take is to be there before anybody commits past the group: the next start would believe in a member that
    /// could then commit over it.
    package mutating func rewrite() -> [ConsumerGroupAction] { flush() }

    /// What is to be written with the group's end, once it has no members. Also of what is still on its way to the disk, or was not taken:
    /// a member of which the log kept the record would be in it again when compaction has taken the others.
    package var tombstones: [GroupRecord] {
        records(of: writing.unsettled.union([.epoch, .topics, .targetEpoch]), isGone: true)
    }

    /// Whoever waits for a write that the group's end overtakes, and what is to be answered once that end is synced.
    var farewells: [(token: GroupToken, answer: ConsumerHeartbeatAnswer)] {
        writing.waiting.map { ($0.token, $0.answer) }
    }

    private func records(of slots: Set<ConsumerGroupWriting.Slot>, isGone: Bool = false) -> [GroupRecord] {
        slots.sorted().map { slot in
            switch slot {
            case .classicGroup: .group(GroupMetadataRecord(group: group, metadata: nil))
            case .epoch: .consumerGroup(.epoch(group: group, isGone ? nil : ConsumerGroupEpoch(epoch)))
            case .topics: .consumerGroup(.topics(group: group, isGone ? nil : ConsumerGroupTopics(topics)))
            case .targetEpoch:
                .consumerGroup(.targetEpoch(group: group, isGone ? nil : ConsumerGroupEpoch(targetEpoch)))
            case .member(let id): .consumerGroup(.member(group: group, id: id, members[id]?.record))
            case .target(let id):
                .consumerGroup(.target(group: group, id: id, targets[id].map { TargetAssignmentRecord($0) }))
            case .current(let id): .consumerGroup(.current(group: group, id: id, members[id]?.current))
            }
        }
    }
}

extension ConsumerGroupWriting.Slot: Comparable {
    /// As Kafka writes them: a member before what it has.
    static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    private var order: (Int, String) {
        switch self {
        case .classicGroup: (0, "")
        case .member(let id): (1, id)
        case .topics: (2, "")
        case .epoch: (3, "")
        case .target(let id): (4, id)
        case .targetEpoch: (5, "")
        case .current(let id): (6, id)
        }
    }
}
