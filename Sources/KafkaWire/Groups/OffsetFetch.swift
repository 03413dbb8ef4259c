/// Tells a group's committed offsets.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | null for all topics; an error code for the whole answer |
/// | 3 | the throttle time |
/// | 4 | the broker answers before it throttles |
/// | 5 | leader epochs |
/// | 6 | enables flexible versions |
/// | 7 | `requireStable` |
/// | 8 | many groups at once, instead of one |
/// | 9 | groups of the consumer protocol |
/// | 10 | topic ids instead of names |
package enum OffsetFetch: WireAPI {
    package static let key = ApiKey.offsetFetch
    package static let versions: ClosedRange<Int16> = 1...10
    package static let firstFlexibleVersion: Int16? = 6
}

extension OffsetFetch {
    package struct Request: WireStruct {
        /// Up to version 7.
        package var groupID: String = ""
        /// `nil`: all. Up to version 7.
        package var topics: [Topic]? = []
        /// From version 8 on.
        package var groups: [Group] = []
        /// Answers UNSTABLE_OFFSET_COMMIT while a transaction that commits offsets is open.
        package var requireStable: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID, upTo: 7)
            try wire.field(&topics, upTo: 7, nullableFrom: 2)
            try wire.field(&groups, from: 8)
            try wire.field(&requireStable, from: 7)
            try wire.tags()
        }
    }
}

extension OffsetFetch.Request {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var partitionIndexes: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&partitionIndexes)
            try wire.tags()
        }
    }
}

extension OffsetFetch.Request {
    package struct Group: WireStruct {
        package var groupID: String = ""
        package var memberID: String?
        /// -1: from somebody who is no member.
        package var memberEpoch: Int32 = -1
        /// `nil`: all.
        package var topics: [Topic]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&memberID, from: 9)
            try wire.field(&memberEpoch, from: 9)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension OffsetFetch.Request.Group {
    package struct Topic: WireStruct {
        /// Up to version 9.
        package var name: String = ""
        /// From version 10 on.
        package var topicID: WireUUID = .zero
        package var partitionIndexes: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name, upTo: 9)
            try wire.field(&topicID, from: 10)
            try wire.field(&partitionIndexes)
            try wire.tags()
        }
    }
}

extension OffsetFetch {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        /// Up to version 7.
        package var topics: [Topic] = []
        package var errorCode: ErrorCode = .none
        /// From version 8 on.
        package var groups: [Group] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 3)
            try wire.field(&topics, upTo: 7)
            try wire.field(&errorCode, from: 2, upTo: 7)
            try wire.field(&groups, from: 8)
            try wire.tags()
        }
    }
}

extension OffsetFetch.Response {
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

extension OffsetFetch.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        /// -1: none.
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var metadata: String?
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&committedOffset)
            try wire.field(&committedLeaderEpoch, from: 5)
            try wire.field(&metadata)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}

extension OffsetFetch.Response {
    package struct Group: WireStruct {
        package var groupID: String = ""
        package var topics: [Topic] = []
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&topics)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}

extension OffsetFetch.Response.Group {
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

extension OffsetFetch.Response.Group.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        /// -1: none.
        package var committedOffset: Int64 = 0
        package var committedLeaderEpoch: Int32 = -1
        package var metadata: String?
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&committedOffset)
            try wire.field(&committedLeaderEpoch)
            try wire.field(&metadata)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
