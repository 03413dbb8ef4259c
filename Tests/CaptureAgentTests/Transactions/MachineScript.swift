import CaptureAgent
import ChangeEvents
import RecordFormat

/// Feeds recorded messages to a machine and tells what it wanted done, a line an action.
struct MachineScript: ~Copyable {
    private var machine: TransactionMachine
    private(set) var lines: [String] = []

    static let tables = CapturedTables([
        (16391, .init(name: TableName(schema: "erp", name: "items"), topic: "erp.items")),
        (16398, .init(name: TableName(schema: "erp", name: "logs"), topic: "erp.logs")),
    ])
    static let types = TypeCatalogue([
        PostgresType(oid: 23, schema: "pg_catalog", name: "int4", kind: UInt8(ascii: "b"), category: UInt8(ascii: "N")),
        PostgresType(
            oid: 1700, schema: "pg_catalog", name: "numeric", kind: UInt8(ascii: "b"), category: UInt8(ascii: "N")),
        PostgresType(oid: 25, schema: "pg_catalog", name: "text", kind: UInt8(ascii: "b"), category: UInt8(ascii: "S")),
    ])

    init(
        _ tables: CapturedTables = MachineScript.tables, position: UInt64 = 0, described: [String: [UInt8]] = [:],
        tombstones: Bool = false
    ) {
        machine = TransactionMachine(
            tables, position: LSN(position), described: described, messagesTopic: "mes.messages",
            writesTombstones: tombstones)
    }

    var isInTransaction: Bool { machine.isInTransaction }

    /// - Returns: the lines of these messages.
    @discardableResult
    mutating func feed(_ messages: [[UInt8]], sendTime: Int64 = 0) throws -> [String] {
        let start = lines.count
        for bytes in messages {
            var actions: [CaptureAction] = []
            try bytes.withUnsafeBytes { buffer in
                try machine.receive(
                    PgOutputMessage(decoding: buffer), in: buffer, sendTime: sendTime, into: &actions)
            }
            for action in actions { perform(action) }
        }
        return Array(lines[start...])
    }

    private mutating func perform(_ action: CaptureAction) {
        switch action {
        case .lookUp(let relation, let table):
            let facts = RelationFacts(declared: [:], primaryKey: [], notNull: [])
            machine.adopt(relation.oid, as: TableDescription(relation, as: table, facts: facts, types: Self.types))
        case .describe(let topic, _): lines.append("describe \(topic)")
        case .createTopic(let topic): lines.append("topic \(topic)")
        case .append(let topic, let record):
            lines.append("\(topic) \(Bytes.text(record.key)) \(Self.shortened(record))")
        case .commit(let commit):
            lines.append("commit \(commit.commitLSN) \(commit.endLSN) \(commit.transactionID) \(commit.changes)")
        case .passed(let end): lines.append("passed \(end)")
        }
    }

    /// The value without what every value of a transaction has.
    private static func shortened(_ record: Record) -> String {
        guard let value = record.value, let event = try? PlainFormat.decode(value) else { return "nil" }
        func row(_ fields: [Field]?) -> String {
            guard let fields else { return "" }
            return "{"
                + fields.map { field in
                    switch field.value {
                    case .null: "\(field.name)=null"
                    case .text(let text), .number(let text), .json(let text): "\(field.name)=\(text)"
                    case .boolean(let value): "\(field.name)=\(value)"
                    }
                }.joined(separator: " ") + "}"
        }
        let unchanged = event.unchanged.isEmpty ? "" : " unchanged \(event.unchanged.joined(separator: ","))"
        let message = event.message.map { " \($0.prefix):\($0.content)" } ?? ""
        return
            "\(event.operation.rawValue)\(event.sequence) \(row(event.before))→\(row(event.after))\(unchanged)\(message)"
    }
}
