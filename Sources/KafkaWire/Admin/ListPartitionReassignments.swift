/// Tells which partitions move between brokers. Flexible from the start.
package enum ListPartitionReassignments: WireAPI {
    package static let key = ApiKey.listPartitionReassignments
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = 0
}

extension ListPartitionReassignments {
    package struct Request: WireStruct {
        package var timeoutMs: Int32 = 60000
        /// `nil`: all.
        package var topics: [Topic]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&timeoutMs)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension ListPartitionReassignments.Request {
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

extension ListPartitionReassignments {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension ListPartitionReassignments.Response {
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

extension ListPartitionReassignments.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var replicas: [Int32] = []
        package var addingReplicas: [Int32] = []
        package var removingReplicas: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&replicas)
            try wire.field(&addingReplicas)
            try wire.field(&removingReplicas)
            try wire.tags()
        }
    }
}
