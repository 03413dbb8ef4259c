import RecordFormat

/// As even as the subscriptions allow, and of all such ways one that leaves with each member what it can of what it has.
///
/// First everybody keeps what is rightly his. What is left over goes to whoever has least. Then, as long as somebody has two more than
/// another who may have it, one partition moves along a chain of members, each of which gives one to the next: so the loads end within
/// one of each other wherever subscriptions permit, and no partition moves that need not.
struct StickyAssignment {
    private let members: [AssignedMember]
    private let subscribed: [Set<String>]
    /// By place in ``members``.
    private var owned: [Set<TopicPartition>]
    private var owner: [TopicPartition: Int] = [:]
    /// Who had each partition before, so that of several to give away a stranger's goes first.
    private var former: [TopicPartition: Int] = [:]

    static func assign(_ members: [AssignedMember], _ counts: [String: Int32]) -> [String: [TopicPartition]] {
        var assignment = StickyAssignment(members.sorted(by: MemberOrder.precedes))
        let partitions = assignment.partitions(counts)
        assignment.keep(Set(partitions))
        assignment.giveAway(partitions)
        assignment.balance()
        var assigned = MemberOrder.nothing(for: members)
        for (member, owned) in zip(assignment.members, assignment.owned) {
            assigned[member.memberID]? += owned.sorted(by: TopicPartition.precedes)
        }
        return assigned
    }

    private init(_ members: [AssignedMember]) {
        self.members = members
        subscribed = members.map { Set($0.topics) }
        owned = members.map { _ in [] }
    }

    private func partitions(_ counts: [String: Int32]) -> [TopicPartition] {
        Set(members.flatMap(\.topics)).sorted().flatMap { topic in
            (0..<max(0, counts[topic] ?? 0)).map { TopicPartition(topic: topic, partition: $0) }
        }
    }

    /// What several claim belongs to the one with the newest generation, and to nobody if they are of the same.
    private mutating func keep(_ existing: Set<TopicPartition>) {
        var newest: [TopicPartition: (generation: Int32, place: Int?)] = [:]
        for (place, member) in members.enumerated() {
            for partition in Set(member.ownedPartitions)
            where existing.contains(partition) && subscribed[place].contains(partition.topic) {
                if let known = newest[partition] {
                    if member.generation < known.generation { continue }
                    newest[partition] = (member.generation, member.generation > known.generation ? place : nil)
                } else {
                    newest[partition] = (member.generation, place)
                }
            }
        }
        for (partition, claim) in newest {
            guard let place = claim.place else { continue }
            owner[partition] = place
            former[partition] = place
            owned[place].insert(partition)
        }
    }

    private mutating func giveAway(_ partitions: [TopicPartition]) {
        // Those that few may have first, or they would find these few full.
        var readers: [String: [Int]] = [:]
        for (place, topics) in subscribed.enumerated() {
            for topic in topics { readers[topic, default: []].append(place) }
        }
        let free = partitions.filter { owner[$0] == nil }
        for partition in free.enumerated().sorted(by: {
            (readers[$0.element.topic]?.count ?? 0, $0.offset) < (readers[$1.element.topic]?.count ?? 0, $1.offset)
        }) {
            guard let place = readers[partition.element.topic]?.min(by: { owned[$0].count < owned[$1].count }) else {
                continue
            }
            move(partition.element, to: place)
        }
    }

    private mutating func move(_ partition: TopicPartition, to place: Int) {
        if let giver = owner[partition] { owned[giver].remove(partition) }
        owner[partition] = place
        owned[place].insert(partition)
    }

    // MARK: Balancing

    /// Each chain takes one from a member and gives one to a member that has at least two less, so the sum of the squares of the loads
    /// falls with each and there is an end.
    private mutating func balance() {
        var poorest = members.indices.sorted { owned[$0].count < owned[$1].count }
        var place = 0
        while place < poorest.count {
            if let chain = chain(to: poorest[place]) {
                for (partition, taker) in chain { move(partition, to: taker) }
                poorest.sort { owned[$0].count < owned[$1].count }
                place = 0
            } else {
                place += 1
            }
        }
    }

    /// The shortest way by which the poor one gets a partition at the expense of somebody with at least two more, the richest first
    /// among equally short ones.
    private func chain(to poor: Int) -> [(TopicPartition, taker: Int)]? {
        let limit = owned[poor].count + 2
        var reached: [Int: (partition: TopicPartition, taker: Int)] = [:]
        var frontier = [poor]
        var seen: Set<Int> = [poor]
        while !frontier.isEmpty {
            var next: [Int] = []
            for taker in frontier {
                for giver in members.indices where !seen.contains(giver) {
                    guard let partition = gift(from: giver, to: taker) else { continue }
                    seen.insert(giver)
                    reached[giver] = (partition, taker)
                    next.append(giver)
                }
            }
            if let rich = next.filter({ owned[$0].count >= limit }).max(by: { owned[$0].count < owned[$1].count }) {
                return Self.unroll(from: rich, reached)
            }
            frontier = next
        }
        return nil
    }

    private static func unroll(
        from rich: Int, _ reached: [Int: (partition: TopicPartition, taker: Int)]
    ) -> [(TopicPartition, taker: Int)] {
        var chain: [(TopicPartition, taker: Int)] = []
        var giver = rich
        while let step = reached[giver] {
            chain.append((step.partition, step.taker))
            giver = step.taker
        }
        return chain
    }

    /// One that goes back to whom it came from, else one that the giver did not have before, else any.
    private func gift(from giver: Int, to taker: Int) -> TopicPartition? {
        let possible = owned[giver].filter { subscribed[taker].contains($0.topic) }
        func rank(_ partition: TopicPartition) -> Int {
            former[partition] == taker ? 0 : former[partition] == giver ? 2 : 1
        }
        return possible.min {
            let (left, right) = (rank($0), rank($1))
            // The last ones first: the first ones are what a member began with.
            return left != right ? left < right : TopicPartition.precedes($1, $0)
        }
    }
}

extension TopicPartition {
    static func precedes(_ left: TopicPartition, _ right: TopicPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}
