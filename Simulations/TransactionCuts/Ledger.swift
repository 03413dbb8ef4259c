import RecordFormat

/// What was promised about records and transactions, and the small model that the log is held against: a record counts if its
/// transaction does, and it counts once.
struct Ledger {
    /// What is known of a transaction's end.
    enum Outcome {
        case open
        /// Its end was asked for, and the answer was lost.
        case unknown
        case committed
        case aborted
    }

    struct Transaction {
        var outcome = Outcome.open
        var records: [String] = []
        var hasOffsets = false
    }

    struct Sent {
        let partition: TopicPartition
        /// `nil`: of no transaction.
        let transaction: Int?
        /// Once an append was acknowledged.
        var offset: Offset?
    }

    private(set) var transactions: [Int: Transaction] = [:]
    private(set) var sent: [String: Sent] = [:]
    private var lastTransaction = 0
    private var lastRecord = 0

    mutating func begin() -> Int {
        lastTransaction += 1
        transactions[lastTransaction] = Transaction()
        return lastTransaction
    }

    /// A record that is about to be sent, with a value that no other has.
    mutating func record(to partition: TopicPartition, in transaction: Int?) -> String {
        lastRecord += 1
        let value = "record \(lastRecord)" + (transaction.map { " of transaction \($0)" } ?? "")
        sent[value] = Sent(partition: partition, transaction: transaction)
        if let transaction { transactions[transaction]?.records.append(value) }
        return value
    }

    /// The last one that a record was made for.
    mutating func noteOffsets(of transaction: Int) { transactions[transaction]?.hasOffsets = true }

    mutating func acknowledge(_ value: String, at offset: Offset) throws(Violation) {
        if let former = sent[value]?.offset, former != offset {
            throw Violation("\(value) was acknowledged at offset \(former), then at \(offset)")
        }
        sent[value]?.offset = offset
    }

    mutating func end(_ transaction: Int, _ outcome: Outcome) throws(Violation) {
        guard let former = transactions[transaction]?.outcome else { return }
        switch (former, outcome) {
        case (.committed, .aborted), (.aborted, .committed):
            throw Violation("transaction \(transaction) was \(former), and is said to be \(outcome)")
        case (.committed, _), (.aborted, _): break
        default: transactions[transaction]?.outcome = outcome
        }
    }

    // MARK: Holding readers against it

    /// All records of a partition, those of open and aborted transactions among them.
    func checkAll(_ found: [(offset: Offset, value: String)], of partition: TopicPartition) throws(Violation) {
        var offsets: [String: Offset] = [:]
        for (offset, value) in found {
            if let first = offsets.updateValue(offset, forKey: value) {
                throw Violation("\(partition) has \(value) at \(first) and at \(offset)")
            }
            guard sent[value]?.partition == partition else {
                throw Violation("\(partition) has \(value), never sent there")
            }
        }
        for (value, one) in sent where one.partition == partition {
            guard let offset = one.offset else { continue }
            if offsets[value] != offset {
                throw Violation(
                    "\(partition) has \(value) at \(offsets[value].map { "\($0)" } ?? "no offset"), acknowledged at \(offset)"
                )
            }
        }
    }

    /// What a reader of committed records sees of a partition below its last stable offset.
    mutating func checkCommitted(
        _ found: [(offset: Offset, value: String)], of partition: TopicPartition, below end: Offset
    ) throws(Violation) {
        let values = Set(found.map(\.value))
        for (offset, value) in found {
            guard let one = sent[value] else { throw Violation("\(partition) shows \(value), never sent") }
            guard let number = one.transaction else { continue }
            switch transactions[number]?.outcome {
            case .committed: break
            // It was decided, then: from now on it must be there as a whole.
            case .unknown: try settle(number, .committed)
            case let outcome:
                throw Violation(
                    "\(partition) shows \(value) at \(offset), of a transaction that is \(outcome.map { "\($0)" } ?? "not known")"
                )
            }
        }
        for (value, one) in sent where one.partition == partition && !values.contains(value) {
            guard let offset = one.offset, offset < end else { continue }
            guard let number = one.transaction else { throw Violation("\(partition) hides \(value) at \(offset)") }
            switch transactions[number]?.outcome {
            case .aborted: break
            case .unknown: try settle(number, .aborted)
            case let outcome:
                throw Violation(
                    "\(partition) hides \(value) at \(offset) below \(end), of a transaction that is \(outcome.map { "\($0)" } ?? "not known")"
                )
            }
        }
    }

    /// What a group has committed: the number of the transaction that did.
    mutating func checkOffset(
        _ number: Int?, among own: [Int], of group: String, mayBeBehind: Bool
    ) throws(Violation) {
        let last = own.last { transactions[$0]?.outcome == .committed && transactions[$0]?.hasOffsets == true }
        if !mayBeBehind, (number ?? 0) < (last ?? 0) {
            throw Violation(
                "\(group) has the offset of transaction \(number ?? 0); transaction \(last ?? 0) is committed")
        }
        guard let number, number != last else { return }
        switch transactions[number]?.outcome {
        // The answer to its offset commit was lost.
        case .committed: break
        case .unknown: try settle(number, .committed)
        case let outcome:
            throw Violation(
                "\(group) has the offset of transaction \(number), which is \(outcome.map { "\($0)" } ?? "not known")")
        }
    }

    private(set) var settled = 0

    private mutating func settle(_ number: Int, _ outcome: Outcome) throws(Violation) {
        settled += 1
        try end(number, outcome)
    }
}
