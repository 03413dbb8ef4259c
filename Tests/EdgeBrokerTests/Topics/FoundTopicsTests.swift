import EdgeBroker
import Foundation
import RecordFormat
import Testing

@Suite("A topic whose description is damaged")
struct FoundTopicsTests {
    @Test("is found by its folders and read, but not written; its neighbour goes on as before")
    func found() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        for name in ["orders", "alarms"] {
            try await broker.admin.createTopic(name, TopicConfiguration(partitionCount: 2))
            for partition in Int32(0)...1 {
                try await broker.append(
                    [record("\(name) \(partition)")], to: TopicPartition(topic: name, partition: partition))
            }
        }
        await broker.close()
        // The first batch of the catalogue.
        let file = URL(fileURLWithPath: plant.path + "/__catalogue-0/00000000000000000000.log")
        var bytes = try Data(contentsOf: file)
        bytes[70] ^= 1
        try bytes.write(to: file)

        let again = try await plant.open()
        for name in ["orders", "alarms"] {
            for partition in Int32(0)...1 {
                let read = try await again.fetch(
                    TopicPartition(topic: name, partition: partition), from: .zero)
                #expect(read.values == ["\(name) \(partition)"])
            }
        }
        let error = await #expect(throws: BrokerError.self) {
            try await again.append([record("x")], to: TopicPartition(topic: "orders", partition: 0))
        }
        #expect(error?.code == .readOnlyTopic)
        try await again.append([record("x")], to: TopicPartition(topic: "alarms", partition: 0))
        await again.close()
    }

    @Test("is found too when the whole catalogue is gone")
    func noCatalogue() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 1))
        try await broker.append([record("a")], to: TopicPartition(topic: "orders", partition: 0))
        await broker.close()
        try FileManager.default.removeItem(atPath: plant.path + "/__catalogue-0")
        let again = try await plant.open()
        let read = try await again.fetch(TopicPartition(topic: "orders", partition: 0), from: .zero)
        #expect(read.values == ["a"])
        await again.close()
    }
}
