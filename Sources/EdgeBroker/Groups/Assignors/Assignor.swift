package import RecordFormat

/// A member of a group as its leader sees it when it divides the partitions.
package struct AssignedMember: Sendable, Equatable {
    package var memberID: String
    package var instanceID: String?
    package var topics: [String]
    /// What it has now.
    package var ownedPartitions: [TopicPartition]
    /// Under which it was given them; -1: none.
    package var generation: Int32

    package init(
        memberID: String, instanceID: String? = nil, topics: [String], ownedPartitions: [TopicPartition] = [],
        generation: Int32 = -1
    ) {
        self.memberID = memberID
        self.instanceID = instanceID
        self.topics = topics
        self.ownedPartitions = ownedPartitions
        self.generation = generation
    }
}

/// A way to divide partitions among a group's members, under the name that Kafka's consumers know it by.
package enum Assignor: String, Sendable, CaseIterable {
    /// Of each topic a run of neighbours to each member.
    case range
    /// One after the other to each in turn.
    case roundRobin = "roundrobin"
    /// Evenly, and otherwise as it was. Members give up everything first.
    case sticky
    /// As ``sticky``, but members keep what stays with them: a partition that moves is nobody's for one rebalance.
    case cooperativeSticky = "cooperative-sticky"

    /// Members keep what they have while they join again, and give up afterwards what they were not given again.
    package var isCooperative: Bool { self == .cooperativeSticky }

    /// Divides the partitions of all topics that members are subscribed to.
    ///
    /// - Parameter partitionCounts: of each topic that exists.
    /// - Returns: for each member what it is given, by topic and number. No partition twice; each once, unless nobody wants it, or,
    ///   by the cooperative rule, somebody still has it.
    package func assign(
        _ members: [AssignedMember], _ partitionCounts: [String: Int32]
    ) -> [String: [TopicPartition]] {
        switch self {
        case .range: RangeAssignment.assign(members, partitionCounts)
        case .roundRobin: RoundRobinAssignment.assign(members, partitionCounts)
        case .sticky: StickyAssignment.assign(members, partitionCounts)
        case .cooperativeSticky:
            CooperativeAssignment.withholding(StickyAssignment.assign(members, partitionCounts), from: members)
        }
    }

    // MARK: Its bytes in the members' own protocol

    /// What a member tells of itself under this assignor's name.
    package func subscription(_ member: AssignedMember) -> ConsumerSubscription {
        var subscription = ConsumerSubscription(topics: member.topics.sorted())
        switch self {
        case .range, .roundRobin: break
        case .sticky:
            // Kafka's sticky assignor keeps what a member has in its own bytes: consumers that give up everything own nothing.
            if member.generation >= 0 { subscription.userData = StickyUserData(member).encoded }
        case .cooperativeSticky:
            subscription.ownedPartitions = member.ownedPartitions
            subscription.generation = member.generation
        }
        return subscription
    }

    /// A member as it told of itself; `nil` if its bytes are no consumer's.
    package func member(_ joined: JoinAnswer.Member) -> AssignedMember? {
        guard let subscription = ConsumerSubscription(decoding: joined.metadata) else { return nil }
        var member = AssignedMember(
            memberID: joined.memberID, instanceID: joined.instanceID, topics: subscription.topics,
            ownedPartitions: subscription.ownedPartitions, generation: subscription.generation)
        if self == .sticky {
            let known = subscription.userData.flatMap { StickyUserData(decoding: $0) }
            member.ownedPartitions = known?.partitions ?? []
            member.generation = known?.generation ?? -1
        } else if self == .cooperativeSticky, member.generation < 0, let bytes = subscription.userData {
            // Consumers before subscription version 2 have the generation there.
            var reader = BinaryReader(bytes)
            let generation: Int32 = reader.next()
            if reader.isAtEnd { member.generation = generation }
        }
        return member
    }
}
