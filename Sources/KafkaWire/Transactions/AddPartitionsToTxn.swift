/// Makes partitions part of a transaction. From version 4 on it is a request between brokers, which is not offered.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | a broker may answer PRODUCER_FENCED |
/// | 3 | enables flexible versions |
package enum AddPartitionsToTxn: WireAPI {
    package static let key = ApiKey.addPartitionsToTxn
    package static let versions: ClosedRange<Int16> = 0...3
    package static let firstFlexibleVersion: Int16? = 3
}

extension AddPartitionsToTxn {
    package struct Request: WireStruct {
        package var transactionalID: String = ""
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalID)
            try wire.field(&producerID)
            try wire.field(&producerEpoch)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn.Request {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var resultsByTopic: [TopicResult] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&resultsByTopic)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn.Response {
    package struct TopicResult: WireStruct {
        package var name: String = ""
        package var resultsByPartition: [AddPartitionsToTxn.Response.PartitionResult] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&resultsByPartition)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn.Response {
    package struct PartitionResult: WireStruct {
        package var partitionIndex: Int32 = 0
        package var partitionErrorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&partitionErrorCode)
            try wire.tags()
        }
    }
}
