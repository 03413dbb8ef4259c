/// Tells the state of transactions. Flexible from the start.
package enum DescribeTransactions: WireAPI {
    package static let key = ApiKey.describeTransactions
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = 0
}

extension DescribeTransactions {
    package struct Request: WireStruct {
        package var transactionalIDs: [String] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalIDs)
            try wire.tags()
        }
    }
}

extension DescribeTransactions {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var transactionStates: [TransactionState] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&transactionStates)
            try wire.tags()
        }
    }
}

extension DescribeTransactions.Response {
    package struct TransactionState: WireStruct {
        package var errorCode: ErrorCode = .none
        package var transactionalID: String = ""
        package var transactionState: String = ""
        package var transactionTimeoutMs: Int32 = 0
        /// -1: none is open.
        package var transactionStartTimeMs: Int64 = 0
        package var producerID: Int64 = 0
        package var producerEpoch: Int16 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&transactionalID)
            try wire.field(&transactionState)
            try wire.field(&transactionTimeoutMs)
            try wire.field(&transactionStartTimeMs)
            try wire.field(&producerID)
            try wire.field(&producerEpoch)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension DescribeTransactions.Response.TransactionState {
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
