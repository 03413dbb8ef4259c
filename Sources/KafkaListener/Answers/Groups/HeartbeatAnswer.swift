import EdgeBroker
import KafkaWire

enum HeartbeatAnswer: Answering {
    typealias API = Heartbeat

    static func answer(_ request: Heartbeat.Request, _ exchange: Exchange<Heartbeat>) {
        let membership = Membership(
            memberID: request.memberID, generation: request.generationID, instanceID: request.groupInstanceID)
        let error = exchange.service.broker.groups.heartbeat(request.groupID, membership)
        exchange.respond { $0.errorCode = ErrorCode(error) }
    }
}
