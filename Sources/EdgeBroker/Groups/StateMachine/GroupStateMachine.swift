/// A consumer group by the rules of Kafka's classic protocol: who is a member, which generation counts, who waits for what.
///
/// Pure: it takes an event and the time and says what to do. Every input begins with ``expire(now:)``, called by whoever holds it, so
/// that a member whose session is over is gone however late a timer rings.
///
/// A member's work is fenced by its generation: a number that grows with every rebalance and that each of its requests carries.
/// Nobody owns anything under a generation before the record that says so is synced, so a generation whose record was lost with
/// the process was nobody's, and may be given again.
package struct GroupStateMachine: Sendable {
    package enum State: Sendable, Equatable {
        case empty, preparingRebalance, completingRebalance, stable
    }

    /// What the leader has decided, while its record is on the way to the disk.
    struct AssignmentInFlight: Sendable {
        let token: GroupToken
        let assignments: [String: [UInt8]]
    }

    /// The first members of an empty group wait for others.
    struct FirstRebalance: Sendable {
        /// How long the delay may still be prolonged.
        var remaining: Duration
        var hasNewMember = false
    }

    /// A static member that came back under a new id while its group was stable: it is answered once the log knows.
    struct Replacement: Sendable {
        let memberID: String
        let previousLeader: String?
        let supportsSkipping: Bool
    }

    package let group: String
    let settings: GroupSettings
    package internal(set) var state = State.empty
    package internal(set) var generation: Int32 = 0
    var protocolType: String?
    var protocolName: String?
    var leader: String?
    var members: [String: GroupMember] = [:]
    /// The member that a group instance id stands for.
    var instances: [String: String] = [:]
    /// Ids that were given out and not yet used, and until when they may be.
    var pendingMembers: [String: Duration] = [:]
    /// Who has not fetched its assignment in this generation.
    var pendingSync: Set<String> = []
    var assignment: AssignmentInFlight?
    var replacements: [GroupToken: Replacement] = [:]
    /// The log may still name members of a group that has none any more.
    var isEmptinessUnwritten = false
    var firstRebalance: FirstRebalance?
    var joinDeadline: Duration?
    var syncDeadline: Duration?
    var lastNumber: UInt64 = 0
    /// When ``expire(now:)`` may have something to do: not after the first deadline. `nil`: there is none.
    package internal(set) var wakeUp: Duration?

    package init(group: String, settings: GroupSettings) {
        self.group = group
        self.settings = settings
    }

    /// Nothing would be missed if nobody remembered it.
    package var isForgettable: Bool {
        state == .empty && generation == 0 && members.isEmpty && pendingMembers.isEmpty
    }

    /// Nobody is in it or about to be.
    var isVacant: Bool { state == .empty && pendingMembers.isEmpty }

    /// Members in the order in which they came.
    var roster: [GroupMember] { members.values.sorted { $0.number < $1.number } }

    /// Takes the group up from its record, which replaces whatever was known.
    package mutating func replay(_ metadata: GroupMetadata) {
        self = GroupStateMachine(group: group, settings: settings)
        generation = PlantedGroupBug.replayForgetsGeneration.isActive ? 0 : metadata.generation
        protocolType = metadata.protocolType.isEmpty ? nil : metadata.protocolType
        protocolName = metadata.protocolName
        leader = metadata.leader
        for member in metadata.members {
            lastNumber += 1
            let session = Duration.milliseconds(max(0, member.sessionTimeout))
            let protocols = metadata.protocolName.map { [GroupProtocol($0, member.subscription)] } ?? []
            members[member.memberID] = GroupMember(
                id: member.memberID, instanceID: member.instanceID, clientID: member.clientID,
                clientHost: member.clientHost, number: lastNumber, sessionTimeout: session,
                rebalanceTimeout: member.rebalanceTimeout < 0 ? session : .milliseconds(member.rebalanceTimeout),
                protocols: protocols, assignment: member.assignment)
            if let instanceID = member.instanceID { instances[instanceID] = member.memberID }
        }
        state = members.isEmpty ? .empty : .stable
    }

    /// Begins after a replay: every member has a whole session to be heard of, for nobody could reach a broker that was down.
    package mutating func start(now: Duration) {
        for id in members.keys { touch(id, now) }
    }

    /// The record to be written before anybody commits past the group, because the log did not take it when the last member went: the
    /// next start would believe in a member that could then commit over it.
    package var unwrittenRecord: GroupMetadata? {
        state == .empty && isEmptinessUnwritten ? metadata([:]) : nil
    }

    // MARK: What the steps share

    /// The member has been heard of.
    mutating func touch(_ id: String, _ now: Duration) {
        guard let timeout = members[id]?.sessionTimeout else { return }
        members[id]?.deadline = now + timeout
        note(now + timeout)
    }

    mutating func note(_ deadline: Duration) { wakeUp = min(wakeUp ?? deadline, deadline) }

    /// The longest that any member asks for, to finish what it has in hand.
    var rebalanceTimeout: Duration {
        max(members.values.map(\.rebalanceTimeout).max() ?? .zero, GroupSettings.shortestRebalance)
    }

    /// - Returns: why somebody who calls himself that is not the member.
    func check(_ memberID: String, _ instanceID: String?) -> GroupError? {
        if let instanceID {
            guard let known = instances[instanceID] else { return .unknownMemberID }
            if known != memberID { return .fencedInstanceID }
        }
        return members[memberID] == nil ? .unknownMemberID : nil
    }

    /// The record of the group as it is, with these assignments.
    func metadata(_ assignments: [String: [UInt8]]) -> GroupMetadata {
        GroupMetadata(
            protocolType: protocolType ?? "", generation: generation, protocolName: protocolName, leader: leader,
            members: roster.map { member in
                GroupMetadata.Member(
                    memberID: member.id, instanceID: member.instanceID, clientID: member.clientID,
                    clientHost: member.clientHost,
                    rebalanceTimeout: Int32(clamping: member.rebalanceTimeout.wholeMilliseconds),
                    sessionTimeout: Int32(clamping: member.sessionTimeout.wholeMilliseconds),
                    subscription: member.metadata(for: protocolName), assignment: assignments[member.id] ?? [])
            })
    }
}
