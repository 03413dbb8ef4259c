package import ChangeEvents
package import RecordFormat

/// Turns pgoutput's messages into what has to be written. Pure: it decides, ``StreamSession`` acts.
///
/// The ordinal `eb.seq` counts every change of a transaction from 0, those of tables that are not captured too, so that it
/// does not depend on the configuration. A change of the key counts twice: a delete of the old one, a create of the new.
package struct TransactionMachine: ~Copyable {
    /// What a table's rows need to be understood.
    private enum Relation {
        case ignored
        /// ``CaptureAction/lookUp(_:as:)`` was asked for.
        case unknown(CapturedTables.Table)
        case known(Known)
    }

    /// A class, because it is looked up for every row and has many parts to count references of.
    private final class Known {
        let topic: String
        let table: PlainTable
        /// Where the key's columns stand.
        let keys: [Int]
        /// Not in the log yet.
        var description: [UInt8]?

        init(topic: String, table: PlainTable, description: [UInt8]?) {
            self.topic = topic
            self.table = table
            keys = table.description.columns.indices.filter { table.description.columns[$0].isKey }
            self.description = description
        }
    }

    private struct Open {
        let begin: PgOutputMessage.Begin
        let stamp: EventStamp
        /// The log has it already.
        let isKnown: Bool
        var sequence: Int64 = 0
        var appended = 0
    }

    private let tables: CapturedTables
    private let messagesTopic: String
    private let writesTombstones: Bool
    private var position: LSN
    private var described: [String: [UInt8]]
    private var relations: [UInt32: Relation] = [:]
    private var open: Open?
    private var encoder = PlainEncoder()

    /// - Parameters:
    ///   - position: what the log has; transactions that committed before are passed over.
    ///   - described: by topic, the descriptions that the log has.
    ///   - messagesTopic: where logical messages go.
    package init(
        _ tables: CapturedTables, position: LSN, described: [String: [UInt8]], messagesTopic: String,
        writesTombstones: Bool = false
    ) {
        self.tables = tables
        self.position = position
        self.described = described
        self.messagesTopic = messagesTopic
        self.writesTombstones = writesTombstones
    }

    package var isInTransaction: Bool { open != nil }

    /// - Parameters:
    ///   - bytes: the message's own.
    ///   - sendTime: the server's clock, microseconds since 1970; the time of a message outside a transaction.
    package mutating func receive(
        _ message: PgOutputMessage, in bytes: UnsafeRawBufferPointer, sendTime: Int64,
        into actions: inout [CaptureAction]
    ) throws(CaptureError) {
        switch message {
        case .insert(let oid, let new): try insert(oid, new, bytes, &actions)
        case .update(let oid, let old, let new): try update(oid, old, new, bytes, &actions)
        case .delete(let oid, let old): try delete(oid, old, bytes, &actions)
        case .truncate(let oids):
            for oid in oids {
                try change(oid, bytes, &actions) { sequence in RowChange(operation: .truncate, sequence: sequence) }
            }
        case .message(let message): try logical(message, bytes, sendTime, &actions)
        case .begin(let begin):
            guard open == nil else { throw Self.violation("a transaction began inside another") }
            open = Open(
                begin: begin,
                stamp: EventStamp(
                    lsn: begin.commitLSN, transactionID: begin.transactionID, commitTime: begin.commitTime),
                // The server's own rule: what committed at or after the start position is sent.
                isKnown: begin.commitLSN < position)
        case .commit(let commit): try self.commit(commit, &actions)
        case .relation(let relation): receive(relation, &actions)
        case .origin, .type: break
        }
    }

    // MARK: Tables

    private mutating func receive(_ relation: PgOutputMessage.Relation, _ actions: inout [CaptureAction]) {
        guard let table = tables.table(relation.oid, named: relation.table) else {
            relations[relation.oid] = .ignored
            return
        }
        relations[relation.oid] = .unknown(table)
        actions.append(.lookUp(relation, as: table.name))
    }

    /// The answer to ``CaptureAction/lookUp(_:as:)``.
    package mutating func adopt(_ oid: UInt32, as description: TableDescription) {
        guard case .unknown(let table) = relations[oid] else {
            preconditionFailure("Table \(oid) was described although nobody asked")
        }
        let encoded = description.encoded
        relations[oid] = .known(
            Known(
                topic: table.topic, table: PlainTable(description),
                description: described[table.topic] == encoded ? nil : encoded))
    }

    /// The description of a table whose rows come now, in the log before them. `nil` for a table that is not captured.
    private mutating func known(_ oid: UInt32, _ actions: inout [CaptureAction]) throws(CaptureError) -> Known? {
        switch relations[oid] {
        case .known(let known):
            if let description = known.description {
                actions.append(.describe(topic: known.topic, description: description))
                described[known.topic] = description
                known.description = nil
            }
            return known
        case .ignored: return nil
        case .unknown, nil: throw Self.violation("a row came of table \(oid), of which nothing was said before")
        }
    }

    // MARK: Rows

    private mutating func change(
        _ oid: UInt32, _ bytes: UnsafeRawBufferPointer, _ actions: inout [CaptureAction],
        _ change: (Int64) throws(CaptureError) -> RowChange
    ) throws(CaptureError) {
        guard var transaction = open else { throw Self.violation("a row came outside a transaction") }
        let sequence = transaction.sequence
        transaction.sequence += 1
        open = transaction
        if transaction.isKnown { return }
        guard let known = try known(oid, &actions) else { return }
        let change = try change(sequence)
        for tuple in [change.before, change.after] {
            if let tuple, tuple.cells.count != known.table.description.columns.count {
                throw Self.violation(
                    "a row of \(tuple.cells.count) columns came for table \(known.table.description.table)")
            }
        }
        let row = encoder.encode(change, of: known.table, stamp: transaction.stamp, in: bytes)
        let headers = transaction.stamp.headers(sequence: sequence)
        let timestamp = transaction.stamp.timestamp
        actions.append(
            .append(
                topic: known.topic,
                record: Record(key: row.key, value: row.value, headers: headers, timestamp: timestamp)))
        transaction.appended += 1
        if writesTombstones, change.operation == .delete, let key = row.key {
            actions.append(
                .append(
                    topic: known.topic, record: Record(key: key, value: nil, headers: headers, timestamp: timestamp)))
            transaction.appended += 1
        }
        open = transaction
    }

    private mutating func insert(
        _ oid: UInt32, _ new: TextTuple, _ bytes: UnsafeRawBufferPointer, _ actions: inout [CaptureAction]
    ) throws(CaptureError) {
        try change(oid, bytes, &actions) { sequence in
            RowChange(operation: .create, sequence: sequence, after: new)
        }
    }

    private mutating func delete(
        _ oid: UInt32, _ old: PgOutputMessage.OldRow, _ bytes: UnsafeRawBufferPointer, _ actions: inout [CaptureAction]
    ) throws(CaptureError) {
        let before = told(old, of: oid)
        try change(oid, bytes, &actions) { sequence in
            RowChange(operation: .delete, sequence: sequence, before: before)
        }
    }

    private mutating func update(
        _ oid: UInt32, _ old: PgOutputMessage.OldRow?, _ new: TextTuple, _ bytes: UnsafeRawBufferPointer,
        _ actions: inout [CaptureAction]
    ) throws(CaptureError) {
        let before = old.map { told($0, of: oid) }
        var after = new
        if let before, before.cells.count == new.cells.count {
            for index in after.cells.indices
            where after.cells[index].kind == .unchanged && before.cells[index].kind == .text {
                after.cells[index] = before.cells[index]
            }
        }
        var keys: [Int] = []
        if case .known(let known) = relations[oid] { keys = known.keys }
        for index in keys where index < after.cells.count && after.cells[index].kind == .unchanged {
            throw Self.violation("an update did not say the key of its row")
        }
        let row = after
        if let before, keys.contains(where: { !Self.isEqual(before, row, $0, bytes) }) {
            try change(oid, bytes, &actions) { sequence in
                RowChange(operation: .delete, sequence: sequence, before: before)
            }
            return try insert(oid, row, bytes, &actions)
        }
        try change(oid, bytes, &actions) { sequence in
            RowChange(operation: .update, sequence: sequence, before: before, after: row)
        }
    }

    private static func isEqual(
        _ left: TextTuple, _ right: TextTuple, _ index: Int, _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard index < left.cells.count, index < right.cells.count else { return true }
        let (left, right) = (left.cells[index], right.cells[index])
        guard left.kind == right.kind, left.count == right.count else { return false }
        return bytes[left.start..<(left.start + left.count)].elementsEqual(
            bytes[right.start..<(right.start + right.count)])
    }

    /// What the old row really tells: in a key, null stands for "not sent" outside the key.
    private func told(_ old: PgOutputMessage.OldRow, of oid: UInt32) -> TextTuple {
        guard case .key(var tuple) = old, case .known(let known) = relations[oid] else { return old.tuple }
        for (index, column) in known.table.description.columns.enumerated()
        where !column.isKey && index < tuple.cells.count && tuple.cells[index].kind == .null {
            tuple.cells[index] = .absent
        }
        return tuple
    }

    // MARK: Logical messages

    private mutating func logical(
        _ message: PgOutputMessage.LogicalMessage, _ bytes: UnsafeRawBufferPointer, _ sendTime: Int64,
        _ actions: inout [CaptureAction]
    ) throws(CaptureError) {
        if message.isTransactional {
            guard var transaction = open else {
                throw Self.violation("a transactional message came outside a transaction")
            }
            let sequence = transaction.sequence
            transaction.sequence += 1
            if !transaction.isKnown {
                append(message, bytes, sequence: sequence, transaction.stamp, &actions)
                transaction.appended += 1
            }
            open = transaction
            return
        }
        guard open == nil else { throw Self.violation("a message outside transactions came inside one") }
        // Its LSN is where its record ends, and so is the position after it.
        if message.lsn <= position { return }
        guard EventTime.range.contains(sendTime) else { throw Self.violation("a message has an impossible time") }
        let stamp = EventStamp(lsn: message.lsn, transactionID: nil, commitTime: sendTime)
        append(message, bytes, sequence: 0, stamp, &actions)
        position = message.lsn
        actions.append(
            .commit(
                .init(
                    commitLSN: message.lsn, endLSN: message.lsn, transactionID: 0, commitTime: sendTime, changes: 1)))
    }

    private mutating func append(
        _ message: PgOutputMessage.LogicalMessage, _ bytes: UnsafeRawBufferPointer, sequence: Int64,
        _ stamp: EventStamp,
        _ actions: inout [CaptureAction]
    ) {
        let content = UnsafeRawBufferPointer(rebasing: bytes[message.content])
        let row = encoder.encode(message: content, prefix: message.prefix, sequence: sequence, stamp: stamp)
        actions.append(.createTopic(messagesTopic))
        actions.append(
            .append(
                topic: messagesTopic,
                record: Record(
                    key: nil, value: row.value, headers: stamp.headers(sequence: sequence), timestamp: stamp.timestamp))
        )
    }

    // MARK: The end

    private mutating func commit(
        _ commit: PgOutputMessage.Commit, _ actions: inout [CaptureAction]
    ) throws(CaptureError) {
        guard let transaction = open, transaction.begin.commitLSN == commit.commitLSN else {
            throw Self.violation("the commit at \(commit.commitLSN) ends no transaction that began")
        }
        open = nil
        if transaction.isKnown { return }
        position = max(position, commit.endLSN)
        if transaction.appended == 0 { return actions.append(.passed(endLSN: commit.endLSN)) }
        actions.append(
            .commit(
                .init(
                    commitLSN: commit.commitLSN, endLSN: commit.endLSN, transactionID: transaction.begin.transactionID,
                    commitTime: transaction.begin.commitTime, changes: transaction.appended)))
    }

    private static func violation(_ what: String) -> CaptureError {
        CaptureError(
            .protocolViolation, "The source's change stream is not what its protocol allows: \(what).",
            remedy:
                "The stream is read again from the last whole transaction; if this stays, report the server's version.")
    }
}
