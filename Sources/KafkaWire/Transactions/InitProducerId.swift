/// Gives a producer its id and epoch, and ends what its predecessor with the same transactional id left open.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | enables flexible versions |
/// | 3 | the id and epoch the producer has, to go on with them |
/// | 4 | a broker may answer PRODUCER_FENCED |
/// | 5 | a broker may answer TRANSACTION_ABORTABLE |
package enum InitProducerId: WireAPI {
    package static let key = ApiKey.initProducerId
    package static let versions: ClosedRange<Int16> = 0...5
    package static let firstFlexibleVersion: Int16? = 2
}

extension InitProducerId {
    package struct Request: WireStruct {
        /// `nil`: an idempotent producer without transactions.
        package var transactionalID: String?
        package var transactionTimeoutMs: Int32 = 0
        /// -1: none yet.
        package var producerID: Int64 = -1
        /// -1: none yet.
        package var producerEpoch: Int16 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalID)
            try wire.field(&transactionTimeoutMs)
            try wire.field(&producerID, from: 3)
            try wire.field(&producerEpoch, from: 3)
            try wire.tags()
        }
    }
}

extension InitProducerId {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var producerID: Int64 = -1
        package var producerEpoch: Int16 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&producerID)
            try wire.field(&producerEpoch)
            try wire.tags()
        }
    }
}
