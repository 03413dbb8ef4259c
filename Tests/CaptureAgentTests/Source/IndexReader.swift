import CaptureAgent
import ChangeEvents
import EdgeBroker
import EdgeBrokerTesting
import RecordFormat

/// Reads a captured source as the loader does: by its transaction index.
struct IndexReader {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private let broker: Broker
    private let partition: TopicPartition
    private var offset = Offset.zero
    private var ready: [TransactionIndexRecord] = []
    /// Everything read so far.
    private(set) var seen: [TransactionIndexRecord] = []

    init(_ broker: Broker, slot: String) {
        self.broker = broker
        partition = TopicPartition(topic: "__transactions.\(slot)", partition: 0)
    }

    /// The next index record, waiting for it as long as ``Patience`` lasts.
    mutating func next() async throws -> TransactionIndexRecord {
        var patience = Patience()
        while ready.isEmpty {
            guard broker.admin.topics().contains(where: { $0.name == partition.topic }) else {
                await Task.yield()
                continue
            }
            let fetched = try await broker.fetch(partition, from: offset, waitingUpTo: .seconds(1))
            offset = fetched.nextOffset
            ready = try fetched.records.map { try TransactionIndexRecord(decoding: $0.record.value ?? []) }
            guard patience.lasts() else {
                throw Missing(description: "No more index records after \(seen)")
            }
        }
        let record = ready.removeFirst()
        seen.append(record)
        return record
    }

    /// Skips to the end of the snapshot.
    mutating func skipSnapshot() async throws {
        while true { if case .snapshotEnd = try await next() { return } }
    }

    /// The events of the next commit, in their order.
    mutating func commit() async throws -> [ChangeEvent] {
        while true { if case .commit(let commit) = try await next() { return try await events(commit.ranges) } }
    }

    /// A line an event: ``line(_:)``.
    mutating func lines() async throws -> [String] { try await commit().map(Self.line) }

    func events(_ ranges: [TopicRange]) async throws -> [ChangeEvent] {
        var events: [ChangeEvent] = []
        for range in ranges {
            for stored in try await records(range) {
                let event = try PlainFormat.decode(stored.record.value ?? [])
                let headers = try EventHeaders(decoding: stored.record.headers)
                guard headers.lsn == event.lsn, headers.sequence == event.sequence,
                    headers.commitTime == event.commitTime,
                    headers.transactionID == event.transactionID
                else { throw Missing(description: "The headers \(headers) are not those of \(event)") }
                events.append(event)
            }
        }
        return events.sorted { $0.sequence < $1.sequence }
    }

    func records(_ range: TopicRange) async throws -> [StoredRecord] {
        var records: [StoredRecord] = []
        var next = range.start
        while next < range.end {
            let fetched = try await broker.fetch(range.topicPartition, from: next)
            records += fetched.records.filter { $0.offset < range.end }
            guard fetched.nextOffset > next else { throw Missing(description: "\(range) ends at \(next)") }
            next = fetched.nextOffset
        }
        return records
    }

    /// The ranges of a snapshot's chunks so far.
    func chunks(of snapshot: UInt64) -> [TopicRange] {
        seen.flatMap { record -> [TopicRange] in
            guard case .snapshotChunk(snapshot, let ranges) = record else { return [] }
            return ranges
        }
    }

    /// The snapshots begun so far: id and topics.
    var begun: [(id: UInt64, topics: [String])] {
        seen.compactMap { record in
            guard case .snapshotBegin(let id, let topics, _) = record else { return nil }
            return (id, topics)
        }
    }

    static func line(_ event: ChangeEvent) -> String {
        func row(_ fields: [Field]?) -> String {
            (fields ?? []).map { field in
                switch field.value {
                case .null: "\(field.name)=null"
                case .text(let text), .number(let text), .json(let text): "\(field.name)=\(text)"
                case .boolean(let value): "\(field.name)=\(value)"
                }
            }.joined(separator: " ")
        }
        let unchanged = event.unchanged.isEmpty ? "" : " unchanged \(event.unchanged.joined(separator: ","))"
        let message = event.message.map { "\($0.prefix) \(String(decoding: $0.content, as: UTF8.self))" } ?? ""
        return
            "\(event.operation.rawValue) \(event.table?.name ?? message): \(row(event.before)) → \(row(event.after))\(unchanged)"
    }
}
