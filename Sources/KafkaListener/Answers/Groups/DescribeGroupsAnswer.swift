import EdgeBroker
import KafkaWire

enum DescribeGroupsAnswer: Answering {
    typealias API = DescribeGroups

    static func answer(_ request: DescribeGroups.Request, _ exchange: Exchange<DescribeGroups>) {
        let groups = exchange.service.broker.groups
        exchange.respond { response in
            response.groups = request.groups.map { name in
                // As with Kafka, whose administrators ask ConsumerGroupDescribe first.
                let description = groups.describeClassic(name)
                return DescribeGroups.Response.Group { group in
                    group.groupID = name
                    group.groupState = description.state.rawValue
                    if description.state == .dead, exchange.version >= 6 {
                        group.errorCode = .groupIDNotFound
                        group.errorMessage = "There is no group \(name) in the classic protocol."
                    }
                    group.protocolType = description.protocolType
                    group.protocolData = description.protocolName
                    group.members = description.members.map { member in
                        DescribeGroups.Response.Group.Member {
                            $0.memberID = member.memberID
                            $0.groupInstanceID = member.instanceID
                            $0.clientID = member.clientID
                            $0.clientHost = member.clientHost
                            $0.memberMetadata = member.metadata
                            $0.memberAssignment = member.assignment
                        }
                    }
                    if request.includeAuthorizedOperations { group.authorizedOperations = AuthorizedOperations.group }
                }
            }
        }
    }
}
