/// Tells the sizes of partitions on disk.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | enables flexible versions |
/// | 3 | an error code for the whole answer |
/// | 4 | the disk's total and usable bytes |
package enum DescribeLogDirs: WireAPI {
    package static let key = ApiKey.describeLogDirs
    package static let versions: ClosedRange<Int16> = 1...4
    package static let firstFlexibleVersion: Int16? = 2
}

extension DescribeLogDirs {
    package struct Request: WireStruct {
        /// `nil`: all.
        package var topics: [Topic]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension DescribeLogDirs.Request {
    package struct Topic: WireStruct {
        package var topic: String = ""
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topic)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension DescribeLogDirs {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var results: [Result] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode, from: 3)
            try wire.field(&results)
            try wire.tags()
        }
    }
}

extension DescribeLogDirs.Response {
    package struct Result: WireStruct {
        package var errorCode: ErrorCode = .none
        package var logDir: String = ""
        package var topics: [Topic] = []
        /// -1: unknown.
        package var totalBytes: Int64 = -1
        /// -1: unknown.
        package var usableBytes: Int64 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&logDir)
            try wire.field(&topics)
            try wire.field(&totalBytes, from: 4)
            try wire.field(&usableBytes, from: 4)
            try wire.tags()
        }
    }
}

extension DescribeLogDirs.Response.Result {
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

extension DescribeLogDirs.Response.Result.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var partitionSize: Int64 = 0
        /// Of a replica behind the high watermark.
        package var offsetLag: Int64 = 0
        /// The partition is being moved here from another folder.
        package var isFutureKey: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&partitionSize)
            try wire.field(&offsetLag)
            try wire.field(&isFutureKey)
            try wire.tags()
        }
    }
}
