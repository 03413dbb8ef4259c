import LogStore

/// A consumer group by the rules of Kafka's consumer protocol (KIP-848): the coordinator divides the partitions, and each member finds
/// its own way from what it has to what it is to have.
///
/// Pure: it takes an event and the time and says what to do. Every input begins with ``expire(now:)``.
///
/// Three numbers: the group's epoch grows with whatever changes how partitions are to be divided; the target's epoch says of which
/// group epoch the division is; a member's epoch says up to which one it has come. A partition has one owner: it is given to a member
/// only when the one that had it has said that it does not have it any more, or has been put out.
///
/// What a member is told counts once the log knows. What is decided meanwhile builds on it, so its answers wait for the same write or
/// a later one; if a write fails, what it held is written again before anybody is answered.
package struct ConsumerGroupStateMachine: Sendable {
    package let group: String
    let settings: GroupSettings
    package internal(set) var epoch: Int32 = 0
    var members: [String: ConsumerGroupMember] = [:]
    /// The member that a group instance id stands for.
    var instances: [String: String] = [:]
    var targetEpoch: Int32 = 0
    var targets: [String: Set<GroupPartition>] = [:]
    var assignor = ServerAssignor.uniform
    /// Who has each partition, or may still have it.
    var owners: [GroupPartition: String] = [:]
    /// What the members read, as it was when the epoch last grew.
    var topics: [String: TopicImage.Topic] = [:]
    /// The topics that were last looked at; `nil`: a subscription has changed since, or they were never.
    var seenTopics: UInt64?
    var patterns: [String: TopicPattern] = [:]
    var writing = ConsumerGroupWriting()
    var lastNumber: UInt64 = 0
    /// When ``expire(now:)`` may have something to do: not after the first deadline. `nil`: there is none.
    package internal(set) var wakeUp: Duration?

    package init(group: String, settings: GroupSettings) {
        self.group = group
        self.settings = settings
    }

    /// Takes up an empty group of the classic protocol, whose record goes with the first one of this.
    package static func converted(group: String, settings: GroupSettings) -> ConsumerGroupStateMachine {
        var machine = ConsumerGroupStateMachine(group: group, settings: settings)
        machine.writing.mark(.classicGroup)
        return machine
    }

    /// Nothing would be missed if nobody remembered it.
    package var isForgettable: Bool { epoch == 0 && members.isEmpty && writing.isAtRest }

    package var isEmpty: Bool { members.isEmpty }

    /// Members in the order in which they came.
    var roster: [ConsumerGroupMember] { members.values.sorted { $0.number < $1.number } }

    // MARK: From the log

    /// Takes the group up from its records. Every member has a whole session to be heard of, for nobody could reach a broker that was
    /// down.
    package init(
        group: String, settings: GroupSettings, replaying contents: ConsumerGroupContents, now: Duration
    ) {
        self.init(group: group, settings: settings)
        topics = contents.topics
        targetEpoch = contents.targetEpoch
        // Of damaged records whatever fences most.
        epoch = max(contents.epoch, contents.targetEpoch, contents.currents.values.map(\.epoch).max() ?? 0)
        if PlantedGroupBug.replayForgetsEpoch.isActive { epoch = 0 }
        for (id, record) in contents.members.sorted(by: { $0.key < $1.key }) {
            lastNumber += 1
            var member = ConsumerGroupMember(id: id, number: lastNumber, record)
            if let current = contents.currents[id] { member.take(current) }
            members[id] = member
            targets[id] = contents.targets[id]
        }
        settleOwners()
        assignor = ServerAssignor.voted(members.values)
        for member in members.values {
            if let instanceID = member.instanceID { instances[instanceID] = member.id }
            touch(member.id, now)
            if !member.revoking.isEmpty { awaitRevocation(member.id, now) }
        }
    }

    /// Only damage makes two members of a record own one partition. The one with the older epoch is put out.
    private mutating func settleOwners() {
        for member in members.values.sorted(by: { ($1.epoch, $0.id) < ($0.epoch, $1.id) }) {
            if member.held.contains(where: { owners[$0] != nil }) {
                remove(member.id)
            } else {
                for partition in member.held { owners[partition] = member.id }
            }
        }
    }

    // MARK: What the steps share

    /// The member has been heard of.
    mutating func touch(_ id: String, _ now: Duration) {
        let deadline = now + settings.consumerSessionTimeout
        members[id]?.deadline = deadline
        note(deadline)
    }

    mutating func awaitRevocation(_ id: String, _ now: Duration) {
        guard let timeout = members[id]?.rebalanceTimeout else { return }
        members[id]?.revocationDeadline = now + timeout
        note(now + timeout)
    }

    mutating func note(_ deadline: Duration) { wakeUp = min(wakeUp ?? deadline, deadline) }

    /// Partitions are to be divided anew, with the next heartbeat.
    mutating func bumpEpoch() {
        epoch = epoch == .max ? 1 : epoch + 1
        writing.mark(.epoch)
    }

    /// Takes a member out; what it had is free.
    mutating func remove(_ id: String) {
        guard let member = members.removeValue(forKey: id) else { return }
        release(member.held, of: id)
        targets[id] = nil
        if let instanceID = member.instanceID, instances[instanceID] == id { instances[instanceID] = nil }
        seenTopics = nil
        writing.mark(.member(id), .target(id), .current(id))
        bumpEpoch()
    }

    mutating func release(_ partitions: Set<GroupPartition>, of id: String) {
        for partition in partitions where owners[partition] == id { owners[partition] = nil }
    }

    // MARK: For administrators

    /// Puts out all members.
    package mutating func evict() -> [ConsumerGroupAction] {
        for id in roster.map(\.id) { remove(id) }
        return flush()
    }
}

extension ConsumerGroupMember {
    fileprivate init(id: String, number: UInt64, _ record: ConsumerMemberRecord) {
        self.init(
            id: id, number: number, instanceID: record.instanceID, rackID: record.rackID, clientID: record.clientID,
            clientHost: record.clientHost, topics: record.topics, pattern: record.pattern,
            rebalanceTimeout: .milliseconds(max(0, record.rebalanceTimeout)),
            assignor: record.assignor.flatMap { ServerAssignor(rawValue: $0) })
    }

    fileprivate mutating func take(_ current: CurrentAssignmentRecord) {
        (epoch, previousEpoch, state) = (current.epoch, current.previousEpoch, current.state)
        (assigned, revoking) = (current.assigned, current.revoking)
    }
}
