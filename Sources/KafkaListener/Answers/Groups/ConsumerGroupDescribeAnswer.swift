import EdgeBroker
import KafkaWire
import LogStore

enum ConsumerGroupDescribeAnswer: Answering {
    typealias API = ConsumerGroupDescribe

    /// Of a member: that it speaks the consumer protocol.
    private static let consumer: Int8 = 1

    static func answer(_ request: ConsumerGroupDescribe.Request, _ exchange: Exchange<ConsumerGroupDescribe>) {
        let groups = exchange.service.broker.groups
        exchange.respond { response in
            response.groups = request.groupIDs.map { name in
                guard let description = groups.describeConsumers(name) else {
                    return ConsumerGroupDescribe.Response.Group {
                        $0.groupID = name
                        $0.errorCode = .groupIDNotFound
                        $0.errorMessage = "There is no group \(name) in the consumer protocol."
                    }
                }
                return ConsumerGroupDescribe.Response.Group { group in
                    group.groupID = name
                    group.groupState = description.state.rawValue
                    group.groupEpoch = description.epoch
                    group.assignmentEpoch = description.targetEpoch
                    group.assignorName = description.assignor
                    group.members = description.members.map(member)
                    if request.includeAuthorizedOperations { group.authorizedOperations = AuthorizedOperations.group }
                }
            }
        }
    }

    private static func member(
        _ member: ConsumerGroupDescription.Member
    ) -> ConsumerGroupDescribe.Response.Group.Member {
        ConsumerGroupDescribe.Response.Group.Member {
            $0.memberID = member.memberID
            $0.instanceID = member.instanceID
            $0.rackID = member.rackID
            $0.memberEpoch = member.epoch
            $0.clientID = member.clientID
            $0.clientHost = member.clientHost
            $0.subscribedTopicNames = member.topics
            $0.subscribedTopicRegex = member.pattern
            $0.assignment = assignment(member.assignment)
            $0.targetAssignment = assignment(member.target)
            $0.memberType = consumer
        }
    }

    private static func assignment(
        _ topics: [ConsumerGroupDescription.Topic]
    ) -> ConsumerGroupDescribe.Response.Assignment {
        ConsumerGroupDescribe.Response.Assignment { assignment in
            assignment.topicPartitions = topics.map { topic in
                ConsumerGroupDescribe.Response.TopicPartitions {
                    $0.topicID = WireUUID(topic.id.bytes)
                    $0.topicName = topic.name
                    $0.partitions = topic.partitions
                }
            }
        }
    }
}
