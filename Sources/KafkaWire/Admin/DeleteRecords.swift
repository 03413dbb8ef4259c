/// Moves the log start offset of partitions.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | enables flexible versions |
package enum DeleteRecords: WireAPI {
    package static let key = ApiKey.deleteRecords
    package static let versions: ClosedRange<Int16> = 0...2
    package static let firstFlexibleVersion: Int16? = 2
}

extension DeleteRecords {
    package struct Request: WireStruct {
        package var topics: [Topic] = []
        package var timeoutMs: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics)
            try wire.field(&timeoutMs)
            try wire.tags()
        }
    }
}

extension DeleteRecords.Request {
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

extension DeleteRecords.Request.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        /// The new log start offset; -1: the high watermark.
        package var offset: Int64 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&offset)
            try wire.tags()
        }
    }
}

extension DeleteRecords {
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

extension DeleteRecords.Response {
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

extension DeleteRecords.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        /// The log start offset; -1 on an error.
        package var lowWatermark: Int64 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&lowWatermark)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
