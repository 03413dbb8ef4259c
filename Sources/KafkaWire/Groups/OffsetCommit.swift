/// Keeps a group's offsets.
///
/// | version | adds |
/// |--------:|:-----|
/// | 3 | the throttle time |
/// | 4 | the broker answers before it throttles |
/// | 5 | leaves the retention time to the broker |
/// | 6 | the leader epoch of the last record |
/// | 7 | static members |
/// | 8 | enables flexible versions |
/// | 9 | groups of the consumer protocol, whose member epoch stands for the generation |
/// | 10 | topic ids instead of names |
package enum OffsetCommit: WireAPI {
    package static let key = ApiKey.offsetCommit
    package static let versions: ClosedRange<Int16> = 2...10
    package static let firstFlexibleVersion: Int16? = 8
}

extension OffsetCommit {
    package struct Request: WireStruct {
        package var groupID: String = ""
        /// -1, with an empty member id: from somebody who is no member.
        package var generationIDOrMemberEpoch: Int32 = -1
        package var memberID: String = ""
        package var groupInstanceID: String?
        /// -1: as the broker is set. Up to version 4.
        package var retentionTimeMs: Int64 = -1
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&generationIDOrMemberEpoch)
            try wire.field(&memberID)
            try wire.field(&groupInstanceID, from: 7)
            try wire.field(&retentionTimeMs, upTo: 4)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension OffsetCommit.Request {
    package struct Topic: WireStruct {
        /// Up to version 9.
        package var name: String = ""
        /// From version 10 on.
        package var topicID: WireUUID = .zero
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name, upTo: 9)
            try wire.field(&topicID, from: 10)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension OffsetCommit.Request.Topic {
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
            try wire.field(&committedLeaderEpoch, from: 6)
            try wire.field(&committedMetadata)
            try wire.tags()
        }
    }
}

extension OffsetCommit {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 3)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension OffsetCommit.Response {
    package struct Topic: WireStruct {
        /// Up to version 9.
        package var name: String = ""
        /// From version 10 on.
        package var topicID: WireUUID = .zero
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name, upTo: 9)
            try wire.field(&topicID, from: 10)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension OffsetCommit.Response.Topic {
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
