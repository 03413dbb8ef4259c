import EdgeBroker
import KafkaWire

enum SyncGroupAnswer: Answering {
    typealias API = SyncGroup

    static func answer(_ request: SyncGroup.Request, _ exchange: Exchange<SyncGroup>) { _ = begin(request, exchange) }

    static func begin(_ request: SyncGroup.Request, _ exchange: Exchange<SyncGroup>) -> (@Sendable () -> Void)? {
        let sync = SyncRequest(
            group: request.groupID,
            membership: Membership(
                memberID: request.memberID, generation: request.generationID, instanceID: request.groupInstanceID),
            protocolType: request.protocolType, protocolName: request.protocolName,
            assignments: request.assignments.map {
                SyncRequest.Assignment(memberID: $0.memberID, $0.assignment)
            })
        let parked = ParkedExchange(exchange)
        exchange.service.broker.groups.sync(sync) { result in
            parked.respond { response in
                switch result {
                case .success(let answer):
                    response.protocolType = answer.protocolType
                    response.protocolName = answer.protocolName
                    response.assignment = answer.assignment
                case .failure(let error): response.errorCode = ErrorCode(error)
                }
            }
        }
        return { parked.respond { $0.errorCode = .notCoordinator } }
    }
}
