/// Names the transactional ids. Flexible from the start.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | only transactions that are open for long |
package enum ListTransactions: WireAPI {
    package static let key = ApiKey.listTransactions
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 0
}

extension ListTransactions {
    package struct Request: WireStruct {
        /// Empty: all.
        package var stateFilters: [String] = []
        /// Empty: all.
        package var producerIDFilters: [Int64] = []
        /// Milliseconds; negative: all.
        package var durationFilter: Int64 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&stateFilters)
            try wire.field(&producerIDFilters)
            try wire.field(&durationFilter, from: 1)
            try wire.tags()
        }
    }
}

extension ListTransactions {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var unknownStateFilters: [String] = []
        package var transactionStates: [TransactionState] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&unknownStateFilters)
            try wire.field(&transactionStates)
            try wire.tags()
        }
    }
}

extension ListTransactions.Response {
    package struct TransactionState: WireStruct {
        package var transactionalID: String = ""
        package var producerID: Int64 = 0
        package var transactionState: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalID)
            try wire.field(&producerID)
            try wire.field(&transactionState)
            try wire.tags()
        }
    }
}
