import EdgeBroker
import KafkaWire

enum LeaveGroupAnswer: Answering {
    typealias API = LeaveGroup

    static func answer(_ request: LeaveGroup.Request, _ exchange: Exchange<LeaveGroup>) {
        let members =
            exchange.version < 3
            ? [LeavingMember(memberID: request.memberID)]
            : request.members.map { LeavingMember(memberID: $0.memberID, instanceID: $0.groupInstanceID) }
        let result = exchange.service.broker.groups.leave(request.groupID, members)
        exchange.respond { response in
            switch result {
            case .failure(let error): response.errorCode = ErrorCode(error)
            case .success(let errors):
                if exchange.version < 3 {
                    response.errorCode = ErrorCode(errors.first ?? nil)
                    return
                }
                response.members = zip(members, errors).map { member, error in
                    LeaveGroup.Response.Member {
                        $0.memberID = member.memberID
                        $0.groupInstanceID = member.instanceID
                        $0.errorCode = ErrorCode(error)
                    }
                }
            }
        }
    }
}
