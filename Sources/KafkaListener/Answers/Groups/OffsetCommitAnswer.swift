import EdgeBroker
import KafkaWire
import RecordFormat

enum OffsetCommitAnswer: Answering {
    typealias API = OffsetCommit

    static func answer(_ request: OffsetCommit.Request, _ exchange: Exchange<OffsetCommit>) {
        let groups = exchange.service.broker.groups
        var offsets: [TopicPartition: CommittedOffset] = [:]
        var response = OffsetCommit.Response()
        response.topics = request.topics.map { topic in
            let name =
                exchange.version >= 10
                ? exchange.service.broker.servedTopic(id: topic.topicID.bytes)?.name : topic.name
            return OffsetCommit.Response.Topic {
                $0.name = topic.name
                $0.topicID = topic.topicID
                $0.partitions = topic.partitions.map { partition in
                    var answer = OffsetCommit.Response.Topic.Partition()
                    answer.partitionIndex = partition.partitionIndex
                    guard let name else {
                        answer.errorCode = .unknownTopicID
                        return answer
                    }
                    let target = TopicPartition(topic: name, partition: partition.partitionIndex)
                    let committed = CommittedOffset(
                        Offset(partition.committedOffset),
                        leaderEpoch: partition.committedLeaderEpoch < 0 ? nil : partition.committedLeaderEpoch,
                        metadata: partition.committedMetadata ?? "")
                    // One that cannot be committed does not keep the others from it, as with Kafka.
                    answer.errorCode = ErrorCode(groups.refusal(of: committed, for: target))
                    if answer.errorCode == .none { offsets[target] = committed }
                    return answer
                }
            }
        }
        groups.commit(request.groupID, membership(of: request), offsets) { [response] result in
            var response = response
            if case .failure(let error) = result { response.refuse(ErrorCode(error)) }
            exchange.respond(response)
        }
    }

    private static func membership(of request: OffsetCommit.Request) -> Membership? {
        if request.generationIDOrMemberEpoch < 0, request.memberID.isEmpty, request.groupInstanceID == nil {
            return nil
        }
        return Membership(
            memberID: request.memberID, generation: request.generationIDOrMemberEpoch,
            instanceID: request.groupInstanceID)
    }
}

extension OffsetCommit.Response {
    /// Says of every partition that was not refused for itself that the commit was.
    fileprivate mutating func refuse(_ error: ErrorCode) {
        for topic in topics.indices {
            for partition in topics[topic].partitions.indices
            where topics[topic].partitions[partition].errorCode == .none {
                topics[topic].partitions[partition].errorCode = error
            }
        }
    }
}
