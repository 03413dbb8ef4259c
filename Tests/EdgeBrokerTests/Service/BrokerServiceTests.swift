import EdgeBroker
import Logging
import RecordFormat
import ServiceLifecycle
import Testing

@Suite("A broker as a service")
struct BrokerServiceTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("runs until its group shuts down gracefully, and is closed then")
    func gracefulShutdown() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        let group = ServiceGroup(services: [broker], logger: quiet)
        let running = Task { try await group.run() }
        try await broker.admin.createTopic("orders")
        await group.triggerGracefulShutdown()
        try await running.value
        let error = await #expect(throws: BrokerError.self) { try await broker.admin.createTopic("items") }
        #expect(error?.code == .closed)
        // The folder is free for the next one.
        let next = try await plant.open()
        #expect(next.admin.topics().map(\.name) == ["orders"])
        await next.close()
    }

    @Test("is closed when its task is cancelled")
    func cancelled() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        let running = Task { await broker.run() }
        running.cancel()
        await running.value
        let error = await #expect(throws: BrokerError.self) { try await broker.admin.createTopic("items") }
        #expect(error?.code == .closed)
    }
}
