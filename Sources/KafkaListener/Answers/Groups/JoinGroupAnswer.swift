import EdgeBroker
import KafkaWire

enum JoinGroupAnswer: Answering {
    typealias API = JoinGroup

    static func answer(_ request: JoinGroup.Request, _ exchange: Exchange<JoinGroup>) { _ = begin(request, exchange) }

    static func begin(_ request: JoinGroup.Request, _ exchange: Exchange<JoinGroup>) -> (@Sendable () -> Void)? {
        let join = JoinRequest(
            group: request.groupID, memberID: request.memberID, instanceID: request.groupInstanceID,
            clientID: exchange.request.header.clientID ?? "", clientHost: "/" + exchange.request.host,
            sessionTimeout: .milliseconds(Int64(request.sessionTimeoutMs)),
            rebalanceTimeout: .milliseconds(Int64(request.rebalanceTimeoutMs)), protocolType: request.protocolType,
            protocols: request.protocols.map { GroupProtocol($0.name, $0.metadata) },
            // Static members are known by their instance id (KIP-345).
            requiresKnownMemberID: exchange.version >= 4 && request.groupInstanceID == nil,
            supportsSkippingAssignment: exchange.version >= 9, reason: request.reason)
        let parked = ParkedExchange(exchange)
        let version = exchange.version
        exchange.service.broker.groups.join(join) { result in
            parked.respond { response in
                switch result {
                case .success(let answer): fill(&response, answer, version)
                case .failure(let error):
                    refuse(&response, ErrorCode(error), request, version)
                    if case .memberIDRequired(let id) = error { response.memberID = id }
                }
            }
        }
        // As Kafka's broker when it stops: the client looks for the coordinator again.
        return { parked.respond { refuse(&$0, .notCoordinator, request, version) } }
    }

    private static func refuse(
        _ response: inout JoinGroup.Response, _ error: ErrorCode, _ request: JoinGroup.Request, _ version: Int16
    ) {
        response.errorCode = error
        response.memberID = request.memberID
        // Java's client up to 2.4 does not take null where the version knows it.
        response.protocolName = version >= 7 ? nil : ""
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
