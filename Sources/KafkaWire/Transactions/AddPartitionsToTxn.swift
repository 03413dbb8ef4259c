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
        package var v3AndBelowTransactionalID: String = ""
        package var v3AndBelowProducerID: Int64 = 0
        package var v3AndBelowProducerEpoch: Int16 = 0
        package var v3AndBelowTopics: [AddPartitionsToTxn.Request.AddPartitionsToTxnTopic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&v3AndBelowTransactionalID)
            try wire.field(&v3AndBelowProducerID)
            try wire.field(&v3AndBelowProducerEpoch)
            try wire.field(&v3AndBelowTopics)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn.Request {
    package struct AddPartitionsToTxnTopic: WireStruct {
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
        package var resultsByTopicV3AndBelow: [AddPartitionsToTxn.Response.AddPartitionsToTxnTopicResult] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&resultsByTopicV3AndBelow)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn.Response {
    package struct AddPartitionsToTxnTopicResult: WireStruct {
        package var name: String = ""
        package var resultsByPartition: [AddPartitionsToTxn.Response.AddPartitionsToTxnPartitionResult] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&resultsByPartition)
            try wire.tags()
        }
    }
}

extension AddPartitionsToTxn.Response {
    package struct AddPartitionsToTxnPartitionResult: WireStruct {
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
