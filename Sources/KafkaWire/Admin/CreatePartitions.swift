/// Adds partitions to topics.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | enables flexible versions |
/// | 3 | a broker may answer THROTTLING_QUOTA_EXCEEDED |
package enum CreatePartitions: WireAPI {
    package static let key = ApiKey.createPartitions
    package static let versions: ClosedRange<Int16> = 0...3
    package static let firstFlexibleVersion: Int16? = 2
}

extension CreatePartitions {
    package struct Request: WireStruct {
        package var topics: [Topic] = []
        package var timeoutMs: Int32 = 0
        package var validateOnly: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics)
            try wire.field(&timeoutMs)
            try wire.field(&validateOnly)
            try wire.tags()
        }
    }
}

extension CreatePartitions.Request {
    package struct Topic: WireStruct {
        package var name: String = ""
        /// Of all partitions, those there are included.
        package var count: Int32 = 0
        /// `nil`: the broker chooses.
        package var assignments: [Assignment]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&count)
            try wire.field(&assignments)
            try wire.tags()
        }
    }
}

extension CreatePartitions.Request.Topic {
    package struct Assignment: WireStruct {
        package var brokerIDs: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&brokerIDs)
            try wire.tags()
        }
    }
}

extension CreatePartitions {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var results: [Result] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&results)
            try wire.tags()
        }
    }
}

extension CreatePartitions.Response {
    package struct Result: WireStruct {
        package var name: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.tags()
        }
    }
}
