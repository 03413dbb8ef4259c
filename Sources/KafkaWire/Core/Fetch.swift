/// Reads record batches from partitions, waiting for them if there are none.
///
/// | version | adds |
/// |--------:|:-----|
/// | 5 | the log start offset |
/// | 7 | fetch sessions: only what has changed is said |
/// | 9 | the leader epoch the client knows |
/// | 10 | batches compressed with zstd |
/// | 11 | the client's rack |
/// | 12 | enables flexible versions, and tells when logs diverge |
/// | 13 | topic ids instead of names |
/// | 14 | a broker may answer OFFSET_MOVED_TO_TIERED_STORAGE |
/// | 15 | the replica's state, which only brokers have, as a tagged field |
/// | 16 | where the leaders are |
/// | 17 | the replica's folder |
/// | 18 | the high watermark the replica knows |
package enum Fetch: WireAPI {
    package static let key = ApiKey.fetch
    package static let versions: ClosedRange<Int16> = 4...18
    package static let firstFlexibleVersion: Int16? = 12
}

extension Fetch {
    package struct Request: WireStruct {
        package var clusterID: String?
        /// -1: a consumer. Up to version 14.
        package var replicaID: Int32 = -1
        package var replicaState: ReplicaState = ReplicaState()
        package var maxWaitMs: Int32 = 0
        /// The response may wait for this many bytes, but not longer than `maxWaitMs`.
        package var minBytes: Int32 = 0
        /// Of all partitions together. The first batch is sent even if it is larger.
        package var maxBytes: Int32 = .max
        /// 0: everything below the high watermark. 1: no records of open or aborted transactions.
        package var isolationLevel: Int8 = 0
        /// 0: none yet.
        package var sessionID: Int32 = 0
        /// -1: without a session. 0: begins one.
        package var sessionEpoch: Int32 = -1
        package var topics: [Topic] = []
        package var forgottenTopicsData: [ForgottenTopic] = []
        package var rackID: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&replicaID, upTo: 14)
            try wire.field(&maxWaitMs)
            try wire.field(&minBytes)
            try wire.field(&maxBytes)
            try wire.field(&isolationLevel)
            try wire.field(&sessionID, from: 7)
            try wire.field(&sessionEpoch, from: 7)
            try wire.field(&topics)
            try wire.field(&forgottenTopicsData, from: 7)
            try wire.field(&rackID, from: 11)
            var tags = try wire.beginTags()
            try wire.tag(0, &clusterID, in: &tags)
            try wire.tag(1, &replicaState, from: 15, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension Fetch.Request {
    package struct ReplicaState: WireStruct {
        package var replicaID: Int32 = -1
        package var replicaEpoch: Int64 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&replicaID)
            try wire.field(&replicaEpoch)
            try wire.tags()
        }
    }
}

extension Fetch.Request {
    package struct Topic: WireStruct {
        /// Up to version 12.
        package var topic: String = ""
        /// From version 13 on.
        package var topicID: WireUUID = .zero
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topic, upTo: 12)
            try wire.field(&topicID, from: 13)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension Fetch.Request.Topic {
    package struct Partition: WireStruct {
        package var partition: Int32 = 0
        /// -1: the client does not know it.
        package var currentLeaderEpoch: Int32 = -1
        package var fetchOffset: Int64 = 0
        package var lastFetchedEpoch: Int32 = -1
        package var logStartOffset: Int64 = -1
        package var partitionMaxBytes: Int32 = 0
        package var replicaDirectoryID: WireUUID = .zero
        package var highWatermark: Int64 = .max

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partition)
            try wire.field(&currentLeaderEpoch, from: 9)
            try wire.field(&fetchOffset)
            try wire.field(&lastFetchedEpoch, from: 12)
            try wire.field(&logStartOffset, from: 5)
            try wire.field(&partitionMaxBytes)
            var tags = try wire.beginTags()
            try wire.tag(0, &replicaDirectoryID, from: 17, in: &tags)
            try wire.tag(1, &highWatermark, default: .max, from: 18, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension Fetch.Request {
    package struct ForgottenTopic: WireStruct {
        /// Up to version 12.
        package var topic: String = ""
        /// From version 13 on.
        package var topicID: WireUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topic, upTo: 12)
            try wire.field(&topicID, from: 13)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension Fetch {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        /// 0: there is no session, so that the next request says everything again.
        package var sessionID: Int32 = 0
        package var responses: [Topic] = []
        package var nodeEndpoints: [NodeEndpoint] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode, from: 7)
            try wire.field(&sessionID, from: 7)
            try wire.field(&responses)
            var tags = try wire.beginTags()
            try wire.tag(0, &nodeEndpoints, from: 16, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension Fetch.Response {
    package struct Topic: WireStruct {
        /// Up to version 12.
        package var topic: String = ""
        /// From version 13 on.
        package var topicID: WireUUID = .zero
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topic, upTo: 12)
            try wire.field(&topicID, from: 13)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension Fetch.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var highWatermark: Int64 = 0
        package var lastStableOffset: Int64 = -1
        package var logStartOffset: Int64 = -1
        package var divergingEpoch: EpochEndOffset = EpochEndOffset()
        package var currentLeader = CurrentLeader()
        package var snapshotID: SnapshotID = SnapshotID()
        /// Only for isolation level 1; its clients leave out the records of these.
        package var abortedTransactions: [AbortedTransaction]?
        package var preferredReadReplica: Int32 = -1
        /// Whole batches from the one on that has the wanted offset; the last may be cut.
        package var records: RecordsRange? = RecordsRange()

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&errorCode)
            try wire.field(&highWatermark)
            try wire.field(&lastStableOffset)
            try wire.field(&logStartOffset, from: 5)
            try wire.field(&abortedTransactions)
            try wire.field(&preferredReadReplica, from: 11)
            try wire.field(&records)
            var tags = try wire.beginTags()
            try wire.tag(0, &divergingEpoch, in: &tags)
            try wire.tag(1, &currentLeader, in: &tags)
            try wire.tag(2, &snapshotID, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension Fetch.Response.Topic.Partition {
    package struct EpochEndOffset: WireStruct {
        package var epoch: Int32 = -1
        package var endOffset: Int64 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&epoch)
            try wire.field(&endOffset)
            try wire.tags()
        }
    }
}

extension Fetch.Response.Topic.Partition {
    package struct SnapshotID: WireStruct {
        package var endOffset: Int64 = -1
        package var epoch: Int32 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&endOffset)
            try wire.field(&epoch)
            try wire.tags()
        }
    }
}

extension Fetch.Response.Topic.Partition {
    package struct AbortedTransaction: WireStruct {
        package var producerID: Int64 = 0
        package var firstOffset: Int64 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&producerID)
            try wire.field(&firstOffset)
            try wire.tags()
        }
    }
}
