import EdgeBroker
import KafkaWire
import RecordFormat

enum OffsetFetchAnswer: Answering {
    typealias API = OffsetFetch

    private typealias Found = (partition: Int32, offset: Int64, epoch: Int32, metadata: String, error: ErrorCode)

    static func answer(_ request: OffsetFetch.Request, _ exchange: Exchange<OffsetFetch>) {
        exchange.respond { response in
            if exchange.version < 8 {
                let partitions = request.topics.map { topics in
                    topics.flatMap { topic in
                        topic.partitionIndexes.map { TopicPartition(topic: topic.name, partition: $0) }
                    }
                }
                response.topics = byTopic(request.groupID, partitions, request.requireStable, exchange).map { topic in
                    OffsetFetch.Response.Topic {
                        $0.name = topic.name
                        $0.partitions = topic.found.map { found in
                            OffsetFetch.Response.Topic.Partition {
                                $0.partitionIndex = found.partition
                                $0.committedOffset = found.offset
                                $0.committedLeaderEpoch = found.epoch
                                $0.metadata = found.metadata
                                $0.errorCode = found.error
                            }
                        }
                    }
                }
                return
            }
            response.groups = request.groups.map { answer($0, request.requireStable, exchange) }
        }
    }

    private static func answer(
        _ group: OffsetFetch.Request.Group, _ requiresStable: Bool, _ exchange: Exchange<OffsetFetch>
    ) -> OffsetFetch.Response.Group {
        let broker = exchange.service.broker
        let membership = Membership(memberID: group.memberID ?? "", generation: group.memberEpoch)
        if let error = broker.groups.refusal(ofFetchBy: membership, from: group.groupID) {
            return OffsetFetch.Response.Group {
                $0.groupID = group.groupID
                $0.errorCode = ErrorCode(error)
            }
        }
        var unknown: [OffsetFetch.Response.Group.Topic] = []
        let partitions = group.topics.map { topics in
            topics.flatMap { topic -> [TopicPartition] in
                if exchange.version < 10 {
                    return topic.partitionIndexes.map { TopicPartition(topic: topic.name, partition: $0) }
                }
                if let name = broker.servedTopic(id: topic.topicID.bytes)?.name {
                    return topic.partitionIndexes.map { TopicPartition(topic: name, partition: $0) }
                }
                unknown.append(refusal(of: topic))
                return []
            }
        }
        return OffsetFetch.Response.Group { answer in
            answer.groupID = group.groupID
            answer.topics =
                unknown
                + byTopic(group.groupID, partitions, requiresStable, exchange).map { topic in
                    OffsetFetch.Response.Group.Topic {
                        $0.name = topic.name
                        if let id = broker.servedTopic(topic.name)?.id { $0.topicID = WireUUID(id) }
                        $0.partitions = topic.found.map { found in
                            OffsetFetch.Response.Group.Topic.Partition {
                                $0.partitionIndex = found.partition
                                $0.committedOffset = found.offset
                                $0.committedLeaderEpoch = found.epoch
                                $0.metadata = found.metadata
                                $0.errorCode = found.error
                            }
                        }
                    }
                }
        }
    }

    private static func refusal(of topic: OffsetFetch.Request.Group.Topic) -> OffsetFetch.Response.Group.Topic {
        OffsetFetch.Response.Group.Topic {
            $0.topicID = topic.topicID
            $0.partitions = topic.partitionIndexes.map { index in
                OffsetFetch.Response.Group.Topic.Partition {
                    $0.partitionIndex = index
                    $0.committedOffset = -1
                    $0.errorCode = .unknownTopicID
                }
            }
        }
    }

    /// - Parameter partitions: `nil`: all that the group has committed.
    private static func byTopic(
        _ group: String, _ partitions: [TopicPartition]?, _ requiresStable: Bool, _ exchange: Exchange<OffsetFetch>
    ) -> [(name: String, found: [Found])] {
        let answers = exchange.service.broker.groups.fetch(group, partitions, requiresStable: requiresStable)
        var topics: [(name: String, found: [Found])] = []
        let order = partitions ?? answers.keys.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        for partition in order {
            let found: Found
            switch answers[partition] {
            case .success(let committed?):
                found = (
                    partition.partition, committed.offset.rawValue, committed.leaderEpoch ?? -1, committed.metadata,
                    .none
                )
            case .failure(let error): found = (partition.partition, -1, -1, "", ErrorCode(error))
            case .success(nil), nil: found = (partition.partition, -1, -1, "", .none)
            }
            if topics.last?.name == partition.topic {
                topics[topics.count - 1].found.append(found)
            } else {
                topics.append((partition.topic, [found]))
            }
        }
        return topics
    }
}
