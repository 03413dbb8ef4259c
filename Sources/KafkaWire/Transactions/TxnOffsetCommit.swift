/// Commits offsets when the transaction commits.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | the leader epoch of the last record |
/// | 3 | enables flexible versions; the member, so that zombies are fenced |
/// | 4 | a broker may answer TRANSACTION_ABORTABLE |
package enum TxnOffsetCommit: WireAPI {
    package static let key = ApiKey.txnOffsetCommit
    package static let versions: ClosedRange<Int16> = 0...4
    package static let firstFlexibleVersion: Int16? = 3
}

extension TxnOffsetCommit {
    package struct Request: WireStruct {
        package var transactionalID: String = ""
        package var groupID: String = ""
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        /// -1: no member.
        package var generationID: Int32 = -1
        package var memberID: String = ""
        package var groupInstanceID: String?
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalID)
            try wire.field(&groupID)
            try wire.field(&producerID)
            try wire.field(&producerEpoch)
            try wire.field(&generationID, from: 3)
            try wire.field(&memberID, from: 3)
            try wire.field(&groupInstanceID, from: 3)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension TxnOffsetCommit.Request {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension TxnOffsetCommit.Request.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var committedOffset: Int64 = 0
        /// -1: unknown.
        package var committedLeaderEpoch: Int32 = -1
        package var committedMetadata: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&committedOffset)
            try wire.field(&committedLeaderEpoch, from: 2)
            try wire.field(&committedMetadata)
            try wire.tags()
        }
    }
}

extension TxnOffsetCommit {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension TxnOffsetCommit.Response {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension TxnOffsetCommit.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
