/// One member as its group knows it.
struct ConsumerGroupMember: Sendable {
    let id: String
    /// In the order in which members came.
    var number: UInt64
    var instanceID: String?
    var rackID: String?
    var clientID: String
    var clientHost: String
    var topics: [String]
    var pattern: String?
    var rebalanceTimeout: Duration
    var assignor: ServerAssignor?

    var epoch: Int32 = ConsumerHeartbeat.joins
    /// The one that it may still come with, because the answer with ``epoch`` may have been lost.
    var previousEpoch: Int32 = ConsumerHeartbeat.joins
    var state = MemberState.stable
    /// What it may work on.
    var assigned: Set<GroupPartition> = []
    /// What it was told to give up and may still have.
    var revoking: Set<GroupPartition> = []
    /// In which epoch it was given each of what it has, as far as that is known.
    var since: [GroupPartition: Int32] = [:]

    /// An answer with what it has was not given, because the log did not take the record.
    var mustHear = false
    /// When it is taken for gone.
    var deadline: Duration?
    /// When it is put out unless it has given up ``revoking``.
    var revocationDeadline: Duration?

    /// A static member that left for a while.
    var isAway: Bool { epoch == ConsumerHeartbeat.pauses }

    var held: Set<GroupPartition> { assigned.union(revoking) }

    var byteCount: Int {
        topics.reduce(100 + clientID.utf8.count + clientHost.utf8.count + (pattern?.utf8.count ?? 0)) {
            $0 + $1.utf8.count + 8
        }
    }

    var record: ConsumerMemberRecord {
        ConsumerMemberRecord(
            instanceID: instanceID, rackID: rackID, clientID: clientID, clientHost: clientHost, topics: topics,
            pattern: pattern, rebalanceTimeout: Int32(clamping: rebalanceTimeout.wholeMilliseconds),
            assignor: assignor?.rawValue)
    }

    var current: CurrentAssignmentRecord {
        CurrentAssignmentRecord(
            epoch: epoch, previousEpoch: previousEpoch, state: state, assigned: assigned, revoking: revoking)
    }
}
