import EdgeBroker
import KafkaWire

enum JoinGroupAnswer: Answering {
    typealias API = JoinGroup

    static func answer(_ request: JoinGroup.Request, _ exchange: Exchange<JoinGroup>) {
        let join = JoinRequest(
            group: request.groupID, memberID: request.memberID, instanceID: request.groupInstanceID,
            clientID: exchange.request.header.clientID ?? "", clientHost: "/" + exchange.request.host,
            sessionTimeout: .milliseconds(Int64(request.sessionTimeoutMs)),
            rebalanceTimeout: .milliseconds(Int64(request.rebalanceTimeoutMs)), protocolType: request.protocolType,
            protocols: request.protocols.map { GroupProtocol($0.name, $0.metadata) },
            // Static members are known by their instance id (KIP-345).
            requiresKnownMemberID: exchange.version >= 4 && request.groupInstanceID == nil,
            supportsSkippingAssignment: exchange.version >= 9, reason: request.reason)
        exchange.service.broker.groups.join(join) { result in
            exchange.respond { response in
                switch result {
                case .success(let answer): fill(&response, answer, exchange.version)
                case .failure(let error):
                    response.errorCode = ErrorCode(error)
                    response.memberID = request.memberID
                    if case .memberIDRequired(let id) = error { response.memberID = id }
                    // Java's client up to 2.4 does not take null where the version knows it.
                    response.protocolName = exchange.version >= 7 ? nil : ""
                }
            }
        }
    }

    private static func fill(_ response: inout JoinGroup.Response, _ answer: JoinAnswer, _ version: Int16) {
        response.generationID = answer.generation
        response.protocolType = answer.protocolType
        response.protocolName = answer.protocolName
        response.leader = answer.leader
        response.memberID = answer.memberID
        response.skipAssignment = answer.skipsAssignment
        response.members = answer.members.map { member in
            JoinGroup.Response.Member {
                $0.memberID = member.memberID
                $0.groupInstanceID = member.instanceID
                $0.metadata = member.metadata
            }
        }
    }
}
