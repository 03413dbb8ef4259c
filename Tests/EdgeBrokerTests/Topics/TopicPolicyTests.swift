import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The log's part of a topic's settings")
struct TopicPolicyTests {
    @Test("closes a segment at the topic's size, and keeps a buffered append before it is synced")
    func policy() async throws {
        let disk = SimulatedDisk(seed: 1)
        try disk.createDirectory("/data")
        let clock = SimulatedClock()
        let broker = try Broker(
            LogDirectoryConfiguration(path: "/data"), disk: disk, clock: clock.logClock, random: { 7 })
        var configuration = TopicConfiguration(durability: .buffered(syncEvery: .seconds(5)))
        configuration.keeping.segments.bytes = 1024
        try await broker.admin.createTopic("orders", configuration)
        let orders = TopicPartition(topic: "orders", partition: 0)
        let syncs = disk.count(of: .sync)
        for _ in 0..<3 { try await broker.append([record(String(repeating: "v", count: 500))], to: orders) }
        #expect(disk.count(of: .sync) == syncs)
        #expect(try await broker.fetch(orders, from: .zero).records.count == 3)
        let partition = try #require(broker.directory.partition(orders))
        #expect(broker.directory.retainedSegments(of: partition).map(\.base) == [Offset(0), Offset(1), Offset(2)])
        await broker.close()
    }
}
