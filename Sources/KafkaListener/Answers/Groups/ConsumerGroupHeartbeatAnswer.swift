import EdgeBroker
import KafkaWire
import LogStore

enum ConsumerGroupHeartbeatAnswer: Answering {
    typealias API = ConsumerGroupHeartbeat

    static func answer(_ request: ConsumerGroupHeartbeat.Request, _ exchange: Exchange<ConsumerGroupHeartbeat>) {
        _ = begin(request, exchange)
    }

    static func begin(
        _ request: ConsumerGroupHeartbeat.Request, _ exchange: Exchange<ConsumerGroupHeartbeat>
    ) -> (@Sendable () -> Void)? {
        let groups = exchange.service.broker.groups
        let parked = ParkedExchange(exchange)
        var heartbeat = ConsumerHeartbeat(
            group: request.groupID, memberID: request.memberID, epoch: request.memberEpoch,
            instanceID: request.instanceID)
        if exchange.version == 0, heartbeat.memberID.isEmpty, heartbeat.epoch == ConsumerHeartbeat.joins {
            heartbeat.memberID = groups.newMemberID()
        }
        heartbeat.rackID = request.rackID
        heartbeat.clientID = exchange.request.header.clientID ?? ""
        heartbeat.clientHost = "/" + exchange.request.host
        if request.rebalanceTimeoutMs >= 0 {
            heartbeat.rebalanceTimeout = .milliseconds(Int64(request.rebalanceTimeoutMs))
        }
        heartbeat.topics = request.subscribedTopicNames
        heartbeat.pattern = request.subscribedTopicRegex
        heartbeat.assignor = request.serverAssignor
        heartbeat.owned = request.topicPartitions.map { topics in
            Set(
                topics.flatMap { topic in
                    let id = Identifier(topic.topicID)
                    return topic.partitions.map { GroupPartition(topic: id, $0) }
                })
        }
        groups.heartbeat(heartbeat) { result in
            parked.respond { response in
                switch result {
                case .success(let answer): fill(&response, answer)
                case .failure(let error):
                    response.errorCode = ErrorCode(error)
                    response.errorMessage = error.reason
                }
            }
        }
        // As Kafka's broker when it stops: the client looks for the coordinator again.
        return { parked.respond { $0.errorCode = .notCoordinator } }
    }

    private static func fill(_ response: inout ConsumerGroupHeartbeat.Response, _ answer: ConsumerHeartbeatAnswer) {
        response.memberID = answer.memberID
        response.memberEpoch = answer.epoch
        response.heartbeatIntervalMs = Int32(clamping: answer.interval.components.seconds * 1000)
        guard let assignment = answer.assignment else { return }
        var assigned = ConsumerGroupHeartbeat.Response.Assignment()
        assigned.topicPartitions = GroupPartition.byTopic(assignment).map { topic, numbers in
            ConsumerGroupHeartbeat.Response.TopicPartitions {
                $0.topicID = WireUUID(topic.bytes)
                $0.partitions = numbers
            }
        }
        response.assignment = assigned
    }
}

extension Identifier {
    init(_ id: WireUUID) {
        guard let identifier = Identifier(id.bytes) else { preconditionFailure("16 bytes are an id") }
        self = identifier
    }
}
