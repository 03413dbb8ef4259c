import LogStore
import RecordFormat

/// A way in which the coordinator divides partitions, under the name that members may ask for.
package enum ServerAssignor: String, Sendable, CaseIterable {
    /// Evenly, and otherwise as it was.
    case uniform
    /// Of each topic a run of neighbours to each member.
    case range

    /// The one that most members ask for; ``uniform`` if nobody asks, as with Kafka.
    static func voted(_ members: some Collection<ConsumerGroupMember>) -> ServerAssignor {
        var votes: [ServerAssignor: Int] = [:]
        for member in members { if let assignor = member.assignor { votes[assignor, default: 0] += 1 } }
        guard let most = votes.values.max() else { return .uniform }
        return allCases.first { votes[$0] == most } ?? .uniform
    }

    /// - Parameters:
    ///   - subscriptions: of each member the names of the topics that it reads.
    ///   - former: what each was to have until now.
    /// - Returns: for each member what it is to have; no partition twice.
    func divide(
        _ members: [ConsumerGroupMember], _ subscriptions: [String: Set<String>], _ topics: [String: TopicImage.Topic],
        former: [String: Set<GroupPartition>]
    ) -> [String: Set<GroupPartition>] {
        var names: [Identifier: String] = [:]
        for (name, topic) in topics { names[topic.id] = name }
        let assigned = members.map { member in
            AssignedMember(
                memberID: member.id, instanceID: member.instanceID, topics: (subscriptions[member.id] ?? []).sorted(),
                ownedPartitions: (former[member.id] ?? []).compactMap { partition in
                    names[partition.topic].map { TopicPartition(topic: $0, partition: partition.number) }
                }, generation: 0)
        }
        let divided = assignor.assign(assigned, topics.mapValues(\.partitionCount))
        return divided.mapValues { partitions in
            Set(
                partitions.compactMap { partition in
                    topics[partition.topic].map { GroupPartition(topic: $0.id, partition.partition) }
                })
        }
    }

    private var assignor: Assignor { self == .uniform ? .sticky : .range }
}
