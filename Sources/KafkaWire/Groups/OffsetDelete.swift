/// Deletes a group's offsets of topics that no member subscribes to.
package enum OffsetDelete: WireAPI {
    package static let key = ApiKey.offsetDelete
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = nil
}

extension OffsetDelete {
    package struct Request: WireStruct {
        package var groupID: String = ""
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&topics)
        }
    }
}

extension OffsetDelete.Request {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&partitions)
        }
    }
}

extension OffsetDelete.Request.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
        }
    }
}

extension OffsetDelete {
    package struct Response: WireStruct {
        package var errorCode: ErrorCode = .none
        package var throttleTimeMs: Int32 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&throttleTimeMs)
            try wire.field(&topics)
        }
    }
}

extension OffsetDelete.Response {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var partitions: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&partitions)
        }
    }
}

extension OffsetDelete.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&errorCode)
        }
    }
}
