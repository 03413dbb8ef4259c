import ChangeEvents
import EdgeBroker
import Logging
import RecordFormat

@testable import Loader

/// A broker in a folder of its own, and what capture would write into it.
final class SourceLogFeed: Sendable {
    let broker: Broker
    let source: SourceLog
    static let slot = "mes_p01"

    init(_ folder: TemporaryFolder) async throws {
        broker = try await Broker.open(
            BrokerConfiguration(dataDirectory: folder.path + "/log"), logger: Logger(label: "test"))
        source = try await SourceLog.open(broker, slot: Self.slot)
        for mapping in WorkOrders.mappings { try await source.createTopic(mapping.topic) }
        _ = try await source.begin()
    }

    func relations() async throws {
        try await index(.relation(topic: "erp.orders", description: WorkOrders.orders.encoded))
        try await index(.relation(topic: "erp.ops", description: WorkOrders.operations.encoded))
    }

    func index(_ record: TransactionIndexRecord) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do {
                try source.appendIndex(record) { continuation.resume(with: $0.mapError { $0 as any Error }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// One source transaction; its changes are numbered in the order given.
    func transaction(_ number: UInt64, _ changes: [(String, ChangeEvent)]) async throws {
        let ranges = try append(changes)
        try await index(
            .commit(
                CommitRecord(
                    commitLSN: LSN(number), endLSN: LSN(number + 1), transactionID: UInt32(number),
                    commitTime: Int64(number),
                    ranges: ranges)))
    }

    func chunk(_ snapshot: UInt64, _ changes: [(String, ChangeEvent)]) async throws {
        try await index(.snapshotChunk(id: snapshot, ranges: try append(changes)))
    }

    private func append(_ changes: [(String, ChangeEvent)]) throws -> [TopicRange] {
        var builders: [String: RecordBatchBuilder] = [:]
        let none: [UInt8]? = nil
        for (sequence, change) in changes.enumerated() {
            builders[change.0, default: RecordBatchBuilder()].append(
                key: none, value: Self.value(change.1, sequence), headers: [],
                timestamp: Timestamp(millisecondsSince1970: 0))
            if change.1.operation == .delete {
                builders[change.0]?.append(
                    key: none, value: none, headers: [], timestamp: Timestamp(millisecondsSince1970: 0))
            }
        }
        return try builders.sorted { $0.key < $1.key }.map { topic, builder in
            var builder = builder
            let range = try source.appendRows(builder.finish(), to: topic)
            return TopicRange(topic: topic, partition: 0, start: range.lowerBound, end: range.upperBound)
        }
    }

    /// The plain format, as far as these tests' values need it.
    private static func value(_ event: ChangeEvent, _ sequence: Int) -> [UInt8] {
        func object(_ fields: [Field]) -> String {
            "{"
                + fields.map { field in
                    switch field.value {
                    case .text(let text): "\"\(field.name)\":\"\(text)\""
                    case .number(let digits), .json(let digits): "\"\(field.name)\":\(digits)"
                    default: "\"\(field.name)\":null"
                    }
                }.joined(separator: ",") + "}"
        }
        var parts = [
            "\"op\":\"\(event.operation.rawValue)\"", "\"table\":\"\(event.table?.description ?? "")\"",
            "\"lsn\":\"\(event.lsn)\"",
            "\"seq\":\(sequence)", "\"ts\":\"\(EventTime.text(event.commitTime))\"",
        ]
        for (name, fields) in [("key", event.key), ("before", event.before), ("after", event.after)] {
            if let fields { parts.append("\"\(name)\":\(object(fields))") }
        }
        return Array("{\(parts.joined(separator: ","))}".utf8)
    }
}
