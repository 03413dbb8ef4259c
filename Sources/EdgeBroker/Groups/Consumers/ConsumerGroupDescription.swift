package import LogStore
import RecordFormat

/// A group in the consumer protocol and its members: Kafka's ConsumerGroupDescribe.
package struct ConsumerGroupDescription: Sendable, Equatable {
    package struct Topic: Sendable, Equatable {
        package var id: Identifier
        /// Empty if the topic is not there any more.
        package var name: String
        package var partitions: [Int32]
    }

    package struct Member: Sendable, Equatable {
        package var memberID: String
        package var instanceID: String?
        package var rackID: String?
        package var epoch: Int32
        package var clientID: String
        package var clientHost: String
        package var topics: [String]
        package var pattern: String?
        /// What it has, but for what it is to give up.
        package var assignment: [Topic]
        /// What it is to have in the end.
        package var target: [Topic]
    }

    package var group: String
    package var state: GroupState
    package var epoch: Int32
    package var targetEpoch: Int32
    package var assignor: String
    /// In the order in which they joined.
    package var members: [Member]

    /// The same in the classic protocol's words.
    var classic: GroupDescription {
        var description = GroupDescription(group: group, state: state, generation: epoch)
        description.type = .consumer
        description.protocolType = ConsumerSubscription.protocolType
        if !members.isEmpty { description.protocolName = assignor }
        description.members = members.map { member in
            let partitions = member.assignment.flatMap { topic in
                topic.partitions.map { TopicPartition(topic: topic.name, partition: $0) }
            }
            return GroupDescription.Member(
                memberID: member.memberID, instanceID: member.instanceID, clientID: member.clientID,
                clientHost: member.clientHost, assignment: ConsumerAssignment(partitions).encoded())
        }
        return description
    }
}
