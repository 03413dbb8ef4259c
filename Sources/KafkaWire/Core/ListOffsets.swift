/// Finds the offset that belongs to a timestamp.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | the isolation level |
/// | 3 | the broker answers before it throttles |
/// | 4 | leader epochs |
/// | 5 | a broker may answer OFFSET_NOT_AVAILABLE |
/// | 6 | enables flexible versions |
/// | 7 | timestamp -3 |
package enum ListOffsets: WireAPI {
    package static let key = ApiKey.listOffsets
    package static let versions: ClosedRange<Int16> = 1...7
    package static let firstFlexibleVersion: Int16? = 6
}

extension ListOffsets {
    package struct Request: WireStruct {
        /// -1: a consumer.
        package var replicaID: Int32 = 0
        /// 1: the end is the last stable offset.
        package var isolationLevel: Int8 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&replicaID)
            try wire.field(&isolationLevel, from: 2)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension ListOffsets.Request {
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

extension ListOffsets.Request.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var currentLeaderEpoch: Int32 = -1
        /// -1: the end. -2: the start. -3: the record with the largest timestamp. Otherwise the first record at or
        /// after it.
        package var timestamp: Int64 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&currentLeaderEpoch, from: 4)
            try wire.field(&timestamp)
            try wire.tags()
        }
    }
}

extension ListOffsets {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 2)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension ListOffsets.Response {
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

extension ListOffsets.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        /// -1 for the end, the start, and if there is no such record.
        package var timestamp: Int64 = -1
        /// -1 if there is no such record.
        package var offset: Int64 = -1
        package var leaderEpoch: Int32 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&errorCode)
            try wire.field(&timestamp)
            try wire.field(&offset)
            try wire.field(&leaderEpoch, from: 4)
            try wire.tags()
        }
    }
}
