import EdgeBroker
import EdgeBrokerTesting
import Foundation
import LogStore
import RecordFormat
import Testing

@Suite("Metrics")
struct MetricsTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    @Test("tell where topics, groups and the disk stand, and take back what is gone")
    func samples() async throws {
        let plant = try SimulatedBroker(budget: DiskBudget(bytes: 1_000_000, reserve: 10))
        let metrics = CollectedMetrics()
        plant.broker.report(to: metrics)
        try await plant.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        try plant.produce(5, of: 10, to: orders)
        try plant.broker.commitOffsetsNow(group: "mes", [orders: CommittedOffset(Offset(3))]) { _ in }
        plant.broker.groups.join(GroupWorld.request("a")) { _ in }
        plant.directory.runCommitRound()
        _ = try await plant.broker.admin.deleteRecords(orders, below: Offset(1))
        _ = try await plant.broker.fetch(orders, from: Offset(1))
        plant.broker.reportMetrics()
        let expected: [String: Double] = [
            "kafka_brokers": 1, "kafka_topic_partitions{topic=orders}": 2,
            "kafka_topic_partition_current_offset{topic=orders,partition=0}": 5,
            "kafka_topic_partition_oldest_offset{topic=orders,partition=0}": 1,
            "kafka_topic_partition_current_offset{topic=orders,partition=1}": 0,
            "kafka_topic_partition_in_sync_replica{topic=orders,partition=1}": 1,
            "kafka_consumergroup_current_offset{consumergroup=mes,topic=orders,partition=0}": 3,
            "kafka_consumergroup_lag{consumergroup=mes,topic=orders,partition=0}": 2,
            "kafka_consumergroup_lag_sum{consumergroup=mes,topic=orders}": 2,
            "kafka_consumergroup_members{consumergroup=g}": 1, "kafka_consumergroup_members{consumergroup=mes}": 0,
            "edgebroker_log_end_offset{topic=orders,partition=0}": 5,
            "edgebroker_disk_budget_bytes": 1_000_000, "edgebroker_disk_full": 0,
            "edgebroker_fetches_total": 1, "edgebroker_fetched_records_total": 4,
        ]
        for (name, value) in expected { #expect(metrics[name] == value, "\(name)") }
        let bytes = try #require(metrics["edgebroker_log_append_bytes_total"])
        let batches = try #require(metrics["edgebroker_log_append_batches_total"])
        // Five of the client, and the broker's own in the catalogue and for the commit.
        #expect(bytes > 5 * 71 && batches >= 8)
        #expect(metrics.timings("edgebroker_log_append_seconds").count == Int(batches))
        plant.broker.reportMetrics()
        #expect(metrics["edgebroker_log_append_bytes_total"] == bytes)
        try await plant.broker.admin.deleteTopic("orders")
        plant.broker.reportMetrics()
        #expect(!metrics.names.contains { $0.contains("topic=orders") })
        #expect(metrics["kafka_topic_partitions{topic=__consumer_offsets}"] == 1)
        await plant.broker.close()
    }

    @Test("count what was dropped by topic and reason, and compactions with what they freed")
    func maintenance() async throws {
        let plant = try SimulatedBroker(budget: DiskBudget(bytes: 20_000, reserve: 10))
        let metrics = CollectedMetrics()
        plant.broker.report(to: metrics)
        var compacted = TopicConfiguration()
        compacted.keeping.cleanup = .compact
        compacted.keeping.compaction.dirtyRatio = 0
        try await plant.broker.admin.createTopic("orders")
        try await plant.broker.admin.createTopic("kept", compacted)
        for _ in 0..<10 {
            try plant.append(
                Array(repeating: 1, count: 1000), key: "k", to: TopicPartition(topic: "kept", partition: 0))
        }
        while plant.broker.compact().isBusy {}
        try plant.produce(20, to: orders)
        plant.broker.maintain()
        #expect(try #require(metrics["edgebroker_dropped_records_total{topic=orders,reason=unread}"]) > 0)
        #expect(metrics["edgebroker_compactions_total"] == 1)
        #expect(try #require(metrics["edgebroker_compaction_removed_bytes_total"]) > 5000)
        await plant.broker.close()
    }

    @Test("of an open broker come by themselves, at the latest when it is closed, and tell of its opening")
    func open() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let metrics = CollectedMetrics()
        let broker = try await plant.open { $0.metrics = metrics }
        try await broker.admin.createTopic("orders")
        try await broker.append([record("v")], to: orders)
        await broker.close()
        #expect(metrics["kafka_topic_partition_current_offset{topic=orders,partition=0}"] == 1)
        #expect(metrics["edgebroker_log_damages"] == 0 && metrics["edgebroker_log_recovery_seconds"] != nil)
        #expect(!metrics.timings("edgebroker_log_fsync_seconds").isEmpty)
    }

    @Test("are all in docs/metrics.md, and nothing else is")
    func documented() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../docs/metrics.md"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let named = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
            $0.split(separator: "`").dropFirst().first.map(String.init)
        }
        #expect(named == Broker.metricNames)
    }
}
