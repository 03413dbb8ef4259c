/// Tells who produces to partitions, and since when transactions are open. Flexible from the start.
package enum DescribeProducers: WireAPI {
    package static let key = ApiKey.describeProducers
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = 0
}

extension DescribeProducers {
    package struct Request: WireStruct {
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension DescribeProducers.Request {
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

extension DescribeProducers {
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

extension DescribeProducers.Response {
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

extension DescribeProducers.Response.Topic {
    package struct Partition: WireStruct {
        package var partitionIndex: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var activeProducers: [ActiveProducer] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&activeProducers)
            try wire.tags()
        }
    }
}

extension DescribeProducers.Response.Topic.Partition {
    package struct ActiveProducer: WireStruct {
        package var producerID: Int64 = 0
        package var producerEpoch: Int32 = 0
        package var lastSequence: Int32 = -1
        package var lastTimestamp: Int64 = -1
        package var coordinatorEpoch: Int32 = 0
        /// -1: no transaction is open.
        package var currentTxnStartOffset: Int64 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&producerID)
            try wire.field(&producerEpoch)
            try wire.field(&lastSequence)
            try wire.field(&lastTimestamp)
            try wire.field(&coordinatorEpoch)
            try wire.field(&currentTxnStartOffset)
            try wire.tags()
        }
    }
}
