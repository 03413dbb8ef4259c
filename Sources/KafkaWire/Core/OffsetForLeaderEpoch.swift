/// Tells where a leader epoch ended, so that a client can tell whether the log has become shorter.
///
/// | version | adds |
/// |--------:|:-----|
/// | 3 | `replicaID` |
/// | 4 | enables flexible versions |
package enum OffsetForLeaderEpoch: WireAPI {
    package static let key = ApiKey.offsetForLeaderEpoch
    package static let versions: ClosedRange<Int16> = 2...4
    package static let firstFlexibleVersion: Int16? = 4
}

extension OffsetForLeaderEpoch {
    package struct Request: WireStruct {
        /// -1: a consumer. -2: anybody.
        package var replicaID: Int32 = -2
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&replicaID, from: 3)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension OffsetForLeaderEpoch.Request {
    package struct Topic: WireStruct {
        package var topic: String = ""
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topic)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension OffsetForLeaderEpoch.Request.Topic {
    package struct Partition: WireStruct {
        package var partition: Int32 = 0
        package var currentLeaderEpoch: Int32 = -1
        package var leaderEpoch: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partition)
            try wire.field(&currentLeaderEpoch)
            try wire.field(&leaderEpoch)
            try wire.tags()
        }
    }
}

extension OffsetForLeaderEpoch {
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

extension OffsetForLeaderEpoch.Response {
    package struct Topic: WireStruct {
        package var topic: String = ""
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topic)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension OffsetForLeaderEpoch.Response.Topic {
    package struct Partition: WireStruct {
        package var errorCode: ErrorCode = .none
        package var partition: Int32 = 0
        /// The largest epoch that is not above the wanted one; -1: none.
        package var leaderEpoch: Int32 = -1
        /// Where the next epoch begins; -1: unknown.
        package var endOffset: Int64 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&partition)
            try wire.field(&leaderEpoch)
            try wire.field(&endOffset)
            try wire.tags()
        }
    }
}
