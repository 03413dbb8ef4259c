public import RecordFormat

/// A consumer group as it stands.
public struct ConsumerGroup: Sendable, Equatable {
    /// One member, in the process or a client.
    public struct Member: Sendable, Equatable {
        /// Given by the broker, or in the consumer protocol by the member itself; another one after each start of its program.
        public let memberID: String
        /// Of a static member, which keeps its part while it is away.
        public let instanceID: String?
        /// Its own name for itself.
        public let clientID: String
        /// From where it is connected, or `in process`.
        public let clientHost: String
        /// What it was given, by topic and number; in the classic protocol empty unless the group is stable and consumes.
        public let partitions: [TopicPartition]
    }

    /// The group's id.
    public let name: String
    /// Of this moment.
    public let state: GroupState
    /// Which protocol its members speak; of a group that never had members the classic one.
    public let type: GroupType
    /// `consumer`, or what else its members call what they do; empty if it never had members.
    public let protocolType: String
    /// The assignor by which partitions are divided; in the classic protocol empty unless the group is stable.
    public let assignor: String
    /// Grows with every rebalance; in the consumer protocol the group's epoch.
    public let generation: Int32
    /// In the order in which they joined.
    public let members: [Member]

    init(_ description: GroupDescription) {
        name = description.group
        state = description.state
        type = description.type
        protocolType = description.protocolType
        assignor = description.protocolName
        generation = description.generation
        let consumes = protocolType == ConsumerSubscription.protocolType
        members = description.members.map { member in
            let assignment = consumes ? ConsumerAssignment(decoding: member.assignment) : nil
            return Member(
                memberID: member.memberID, instanceID: member.instanceID, clientID: member.clientID,
                clientHost: member.clientHost,
                partitions: (assignment?.partitions ?? []).sorted(by: TopicPartition.precedes))
        }
    }
}

/// How far a group has come in one partition.
public struct GroupLag: Sendable, Equatable {
    /// One in which the group has committed, or of which a member reads.
    public let partition: TopicPartition
    /// `nil`: a member reads it and has committed nothing yet.
    public let committed: CommittedOffset?
    /// `nil`: the topic is not there any more.
    public let highWatermark: Offset?
    /// The member that has it, if one has.
    public let memberID: String?

    package init(partition: TopicPartition, committed: CommittedOffset?, highWatermark: Offset?, memberID: String?) {
        self.partition = partition
        self.committed = committed
        self.highWatermark = highWatermark
        self.memberID = memberID
    }

    /// Records from the committed offset to the high watermark; 0 or more. `nil` where one of them is missing.
    public var lag: Int64? {
        guard let committed, let highWatermark else { return nil }
        return max(0, highWatermark.rawValue - committed.offset.rawValue)
    }
}
