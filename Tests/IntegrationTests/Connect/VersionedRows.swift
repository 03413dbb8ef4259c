import Foundation
import KafkaClient
import PostgresClient
import RecordFormat

/// Rows of a table that are changed in turn, each change giving a row the next version; and what a topic says of them.
final class VersionedRows {
    struct TookTooLong: Error, CustomStringConvertible {
        let description: String
    }

    /// A version that was read before those below it, or something else that nobody wrote.
    struct Gap: Error, CustomStringConvertible {
        let description: String
    }

    static let table = "public.reading"
    private static let rows = 20

    private let session: PostgresConnection
    private let reader: KafkaReader
    private let partitions: [TopicPartition]
    private var changed = 0
    /// Of each row, the newest version that was read.
    private var newest: [Int: Int] = [:]

    /// Changes that were read for the first time, in the order of their row's versions.
    private(set) var seen = 0
    /// Changes that were read again, behind newer ones of the same row.
    private(set) var repeated = 0

    init(_ session: PostgresConnection, topic: String, partitions: Int32, broker: String) throws {
        self.session = session
        self.partitions = (0..<partitions).map { TopicPartition(topic: topic, partition: $0) }
        reader = try KafkaReader(ClientProperties([.init("bootstrap.servers", broker)]), isCommittedOnly: true)
        try session.query("create table \(Self.table) (id int primary key, version int not null)")
        try session.query("insert into \(Self.table) select n, 0 from generate_series(0, \(Self.rows - 1)) n")
    }

    /// Changes of the rows so far, each of which is a transaction.
    func change(_ count: Int) throws {
        for _ in 0..<count {
            let id = changed % Self.rows
            try session.query("update \(Self.table) set version = version + 1 where id = $1::int", ["\(id)"])
            changed += 1
        }
    }

    /// Begins to read. The topic need not be there yet.
    func startReading() throws {
        for partition in partitions { try reader.start(partition, from: .zero) }
    }

    /// Reads until every change and the first state of every row were read.
    func readAll() throws { try read(until: Self.rows + changed) }

    /// Reads until so many more changes were read for the first time.
    func readMore(_ count: Int) throws { try read(until: seen + count) }

    private func read(until count: Int) throws {
        let deadline = ContinuousClock.now + .seconds(180)
        while seen < count {
            if ContinuousClock.now > deadline {
                throw TookTooLong(
                    description: "\(seen) of \(count) changes after three minutes; the newest are \(newest)")
            }
            for event in try reader.next() {
                switch event {
                case .record(_, let stored, _): try take(stored.record)
                case .failure(let partition, nil, _): try reader.start(partition, from: .zero)
                case .failure(_, .some, let error): throw error
                // The broker is killed now and then.
                case .end, .trouble, .away, .back: break
                }
            }
        }
    }

    private func take(_ record: Record) throws {
        // Debezium's record of a deletion has a null behind it; there are none.
        let row = try JSONText.object(record.value ?? [])["after"].flatMap(\.texts)
        guard let id = row?["id"]?.flatMap({ Int($0) }), let version = row?["version"]?.flatMap({ Int($0) }) else {
            throw Gap(
                description:
                    "a record that is no state of a row: \(String(decoding: record.value ?? [], as: UTF8.self))")
        }
        let next = newest[id].map { $0 + 1 } ?? 0
        if version > next { throw Gap(description: "row \(id) went from version \(next - 1) to \(version)") }
        if version < next {
            repeated += 1
        } else {
            newest[id] = version
            seen += 1
        }
    }
}
