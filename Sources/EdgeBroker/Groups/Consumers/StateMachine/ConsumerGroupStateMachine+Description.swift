import LogStore
import RecordFormat

extension ConsumerGroupStateMachine {
    package var state: GroupState {
        if members.isEmpty { return .empty }
        if epoch != targetEpoch { return .assigning }
        return members.values.allSatisfy { $0.state == .stable && $0.epoch == targetEpoch } ? .stable : .reconciling
    }

    package var listing: GroupListing {
        GroupListing(group: group, type: .consumer, protocolType: ConsumerSubscription.protocolType, state: state)
    }

    /// - Parameter image: tells the names of topics that nobody reads any more.
    package func description(_ image: TopicImage) -> ConsumerGroupDescription {
        var names: [Identifier: String] = [:]
        for (name, topic) in image.topics { names[topic.id] = name }
        for (name, topic) in topics { names[topic.id] = name }
        func named(_ partitions: Set<GroupPartition>) -> [ConsumerGroupDescription.Topic] {
            GroupPartition.byTopic(partitions).map {
                ConsumerGroupDescription.Topic(id: $0.topic, name: names[$0.topic] ?? "", partitions: $0.numbers)
            }
        }
        return ConsumerGroupDescription(
            group: group, state: state, epoch: epoch, targetEpoch: targetEpoch, assignor: assignor.rawValue,
            members: roster.map { member in
                ConsumerGroupDescription.Member(
                    memberID: member.id, instanceID: member.instanceID, rackID: member.rackID, epoch: member.epoch,
                    clientID: member.clientID, clientHost: member.clientHost, topics: member.topics,
                    pattern: member.pattern, assignment: named(member.assigned),
                    target: named(targets[member.id] ?? []))
            })
    }

    /// What the members read and exists, and the topics that they name; none in a group without members.
    var subscribedTopics: Set<String> {
        // What the last ones read is only looked at again when somebody joins.
        if members.isEmpty { return [] }
        return members.values.reduce(into: Set(topics.keys)) { $0.formUnion($1.topics) }
    }
}
