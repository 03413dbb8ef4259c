import DemoPlant
import EdgeBroker
import Foundation
import Logging
import PostgresClient
import RecordFormat

/// Holds the topics against the ERP's own account of what was changed: every change once, and those of one key in order.
struct TopicHistory {
    /// One change of one key, in a form that both sides have.
    struct Change: Equatable, CustomStringConvertible {
        let transaction: UInt32
        let operation: String
        /// Column → text, as Postgres writes it; only what the event holds.
        var after: [String: String?]?

        var description: String { "\(operation) in \(transaction)" }
    }

    /// Mistakes, a line each.
    private(set) var mistakes: [String] = []
    private(set) var changes = 0

    /// - Parameter first: transactions before this one are not looked at: they may be in the snapshot.
    init(dataPath: String, erp: PostgresConnection, from first: UInt32) async throws {
        let broker = try await Broker.open(
            BrokerConfiguration(dataDirectory: dataPath),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            for table in ERPTable.all {
                let expected = try Self.expected(table, erp, from: first)
                let found = try await Self.found(table, broker, from: first)
                compare(table, expected, found)
            }
        } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }

    private mutating func compare(_ table: ERPTable, _ expected: [String: [Change]], _ found: [String: [Change]]) {
        for key in Set(expected.keys).union(found.keys).sorted() {
            let (wanted, got) = (expected[key] ?? [], found[key] ?? [])
            changes += wanted.count
            if wanted.map(\.description) != got.map(\.description) {
                mistakes.append("\(table.name) \(key): expected \(wanted), found \(got)")
                continue
            }
            for (one, other) in zip(wanted, got) {
                guard let image = other.after, let whole = one.after else { continue }
                for (column, value) in image where whole[column] != .some(value) {
                    mistakes.append(
                        "\(table.name) \(key) \(one) \(column): \(shown(whole[column] ?? nil)) ≠ \(shown(value))")
                }
            }
        }
    }

    // MARK: The ERP's account

    private static func expected(
        _ table: ERPTable, _ erp: PostgresConnection, from first: UInt32
    ) throws -> [String: [Change]] {
        let rows = try erp.query(
            """
            select xid, op, before, after from erp.history
            where table_name = $1 and xid >= $2::bigint order by id
            """, [table.name, "\(first)"]
        ).rows
        var changes: [String: [Change]] = [:]
        for row in rows {
            guard let transaction = row[0].flatMap({ UInt32($0) }), let operation = row[1] else { continue }
            let (before, after) = (try image(row[2]), try image(row[3]))
            func note(_ operation: String, _ key: [String: String?]?, _ after: [String: String?]?) {
                let name = Self.name(of: key, table)
                changes[name, default: []].append(Change(transaction: transaction, operation: operation, after: after))
            }
            switch operation {
            case "u" where table.key.contains { before?[$0] != after?[$0] }:
                note("d", before, nil)
                note("c", after, after)
            case "d": note("d", before, nil)
            case "t": note("t", nil, nil)
            default: note(operation, after, after)
            }
        }
        return changes
    }

    private static func image(_ json: String?) throws -> [String: String?]? {
        guard let json else { return nil }
        return try JSONText.object(Array(json.utf8)).mapValues(\.text)
    }

    private static func name(of key: [String: String?]?, _ table: ERPTable) -> String {
        table.key.map { column in (key?[column] ?? nil) ?? "" }.joined(separator: "/")
    }

    private func shown(_ text: String?) -> String { text ?? "null" }

    // MARK: The topic

    private static func found(_ table: ERPTable, _ broker: Broker, from first: UInt32) async throws -> [String:
        [Change]]
    {
        let partition = TopicPartition(topic: table.name, partition: 0)
        var changes: [String: [Change]] = [:]
        var next = Offset.zero
        while true {
            let fetched = try await broker.fetch(partition, from: next)
            if fetched.records.isEmpty { return changes }
            next = fetched.nextOffset
            for stored in fetched.records {
                guard let value = stored.record.value else { continue }
                let event = try JSONText.object(value)
                guard let operation = event["op"]?.text, operation != "r",
                    let transaction = event["xid"]?.text.flatMap({ UInt32($0) }), transaction >= first
                else { continue }
                let key = event["key"]?.texts
                let name =
                    operation == "t"
                    ? Self.name(of: nil, table)
                    : Self.name(of: key, table)
                changes[name, default: []].append(
                    Change(transaction: transaction, operation: operation, after: event["after"]?.texts))
            }
        }
    }
}
