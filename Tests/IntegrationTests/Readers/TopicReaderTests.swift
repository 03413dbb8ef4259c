import CaptureAgent
import ChangeEvents
import DemoPlant
import EdgeBroker
import Foundation
import Logging
import PostgresClient
import PrivateCluster
import RecordFormat
import Testing

@Suite("A reader of the topics")
struct TopicReaderTests {
    private let orders = TopicPartition(topic: "erp.work_orders", partition: 0)
    private let operations = TopicPartition(topic: "erp.work_order_ops", partition: 0)

    /// Work orders and their operations as the events say: an order's planned minutes are the sum of its operations' minutes
    /// after every ERP transaction.
    private struct Minutes {
        var planned: [String: Int] = [:]
        var parts: [String: Int] = [:]
        var next: [Offset] = [.zero, .zero]

        var isWhole: Bool {
            var sums: [String: Int] = [:]
            for (operation, minutes) in parts { sums[String(operation.prefix { $0 != "/" }), default: 0] += minutes }
            return planned.allSatisfy { sums[$0.key, default: 0] == $0.value }
                && sums.keys.allSatisfy { planned[$0] != nil }
        }

        mutating func apply(_ value: [UInt8], isOrder: Bool) throws {
            let event = try JSONText.object(value)
            let order = (event["key"]?.texts?["wo_no"] ?? nil) ?? ""
            let name = isOrder ? order : order + "/" + ((event["key"]?.texts?["op_seq"] ?? nil) ?? "")
            let minutes = event["after"]?.texts?[isOrder ? "planned_minutes" : "minutes"] ?? nil
            let number = minutes.flatMap { Int($0) }
            if isOrder { planned[name] = number } else { parts[name] = number }
        }
    }

    @Test("never sees half an ERP transaction, however often it looks")
    func whole() async throws {
        let folder = NSTemporaryDirectory() + "edgebroker-topics-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cluster = try PrivateCluster()
        let conninfo = cluster.conninfo()
        var generator = PlantGenerator(seed: 4711)
        try ERPSchema.create(on: try PostgresConnection(conninfo), history: false)
        try PlantSession(conninfo).run(generator.fill())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let broker = try await Broker.open(BrokerConfiguration(dataDirectory: folder), logger: logger)
        let capture = CaptureService(
            CaptureConfiguration(
                connection: conninfo, slot: "mes",
                tables: ["items", "bom_lines", "work_orders", "work_order_ops", "machine_log"].map {
                    TableName(schema: "erp", name: $0)
                }),
            broker: broker, logger: logger)
        let capturing = Task { try await capture.run() }
        var state = try await snapshot(broker)
        #expect(state.isWhole)
        // Slower than this reader, whose every look is longer the more it has to read.
        let activity = PlantActivity(conninfo, generator, transactionsPerSecond: 100)
        var (looks, changes) = (0, 0)
        while changes < 1500 || looks < 200 {
            let seen = try await look(broker, &state)
            changes += seen
            if seen == 0 { _ = try await broker.fetch(orders, from: state.next[0], waitingUpTo: .milliseconds(50)) }
            looks += 1
            #expect(state.isWhole, "after \(changes) changes and \(looks) looks")
            if !state.isWhole { break }
        }
        try activity.stop()
        capturing.cancel()
        try await capturing.value
        await broker.close()
    }

    /// Waits for the end of the snapshot, whose chunks are no transactions.
    private func snapshot(_ broker: Broker) async throws -> Minutes {
        let index = TopicPartition(topic: "__transactions.mes", partition: 0)
        var next = Offset.zero
        while true {
            guard broker.admin.topics().contains(where: { $0.name == index.topic }) else {
                await Task.yield()
                continue
            }
            let fetched = try await broker.fetch(index, from: next, waitingUpTo: .seconds(1))
            next = fetched.nextOffset
            for stored in fetched.records {
                if case .snapshotEnd = try TransactionIndexRecord(decoding: stored.record.value ?? []) {
                    var state = Minutes()
                    _ = try await look(broker, &state)
                    return state
                }
            }
        }
    }

    /// Reads both topics up to one moment.
    private func look(_ broker: Broker, _ state: inout Minutes) async throws -> Int {
        let topics = [orders, operations]
        let ends = try broker.highWatermarks(of: topics)
        var count = 0
        for (place, topic) in topics.enumerated() {
            while state.next[place] < ends[place] {
                let fetched = try await broker.fetch(topic, from: state.next[place])
                for stored in fetched.records where stored.offset < ends[place] {
                    try state.apply(stored.record.value ?? [], isOrder: place == 0)
                    count += 1
                }
                state.next[place] = min(fetched.nextOffset, ends[place])
            }
        }
        return count
    }
}
