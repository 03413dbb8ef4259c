/// Makes a group's offsets part of a transaction.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | a broker may answer PRODUCER_FENCED |
/// | 3 | enables flexible versions |
/// | 4 | a broker may answer TRANSACTION_ABORTABLE |
package enum AddOffsetsToTxn: WireAPI {
    package static let key = ApiKey.addOffsetsToTxn
    package static let versions: ClosedRange<Int16> = 0...4
    package static let firstFlexibleVersion: Int16? = 3
}

extension AddOffsetsToTxn {
    package struct Request: WireStruct {
        package var transactionalID: String = ""
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var groupID: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalID)
            try wire.field(&producerID)
            try wire.field(&producerEpoch)
            try wire.field(&groupID)
            try wire.tags()
        }
    }
}

extension AddOffsetsToTxn {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
