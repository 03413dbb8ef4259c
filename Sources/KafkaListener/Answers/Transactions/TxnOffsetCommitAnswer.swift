import EdgeBroker
import KafkaWire
import RecordFormat

enum TxnOffsetCommitAnswer: Answering {
    typealias API = TxnOffsetCommit

    static func answer(_ request: TxnOffsetCommit.Request, _ exchange: Exchange<TxnOffsetCommit>) {
        let broker = exchange.service.broker
        var offsets: [TopicPartition: CommittedOffset] = [:]
        var response = TxnOffsetCommit.Response()
        response.topics = request.topics.map { topic in
            TxnOffsetCommit.Response.Topic {
                $0.name = topic.name
                $0.partitions = topic.partitions.map { partition in
                    let name = TopicPartition(topic: topic.name, partition: partition.partitionIndex)
                    let committed = CommittedOffset(
                        Offset(partition.committedOffset),
                        leaderEpoch: partition.committedLeaderEpoch < 0 ? nil : partition.committedLeaderEpoch,
                        metadata: partition.committedMetadata ?? "")
                    return TxnOffsetCommit.Response.Topic.Partition {
                        $0.partitionIndex = partition.partitionIndex
                        $0.errorCode = ErrorCode(broker.groups.refusal(of: committed, for: name))
                        if $0.errorCode == .none { offsets[name] = committed }
                    }
                }
            }
        }
        let membership =
            request.generationID < 0 && request.memberID.isEmpty && request.groupInstanceID == nil
            ? nil
            : Membership(
                memberID: request.memberID, generation: request.generationID, instanceID: request.groupInstanceID)
        broker.commitOffsets(
            inTransactionOf: ProducerIdentity(id: request.producerID, epoch: request.producerEpoch),
            group: request.groupID, membership, offsets
        ) { [response] result in
            var response = response
            if case .failure(let error) = result {
                let code = ErrorCode(rawValue: error.code) ?? .unknownServerError
                response.refuse(code == .producerFenced && exchange.version < 2 ? .invalidProducerEpoch : code)
            }
            exchange.respond(response)
        }
    }
}

extension TxnOffsetCommit.Response {
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
