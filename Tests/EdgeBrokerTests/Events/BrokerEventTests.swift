import EdgeBroker
import Foundation
import Logging
import RecordFormat
import Synchronization
import Testing

@Suite("What a broker tells")
struct BrokerEventTests {
    /// Keeps what is logged.
    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock(\.self) }
    }

    private func damaged(_ plant: TemporaryBroker) async throws {
        let orders = TopicPartition(topic: "orders", partition: 0)
        let broker = try await plant.open()
        try await broker.admin.createTopic("orders")
        try await broker.append([record(String(repeating: "v", count: 500))], to: orders)
        try await broker.append([record("w")], to: orders)
        await broker.close()
        // Without the marker every byte above the mark would be read; the mark says that all of it was synced.
        let file = plant.path + "/orders-0/00000000000000000000.log"
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        try handle.truncate(atOffset: 300)
        try handle.close()
    }

    @Test("goes to its listener, and not into the log as well")
    func listener() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        try await damaged(plant)
        let (logged, told) = (Lines(), Lines())
        let logger = Logger(label: "test") { _ in Handler(lines: logged) }
        let broker = try await plant.open(logger) { configuration in
            configuration.onEvent = { told.add("\($0.kind.usualLevel) \($0.kind) \($0.metadata["damage"] ?? "-")") }
        }
        await broker.close()
        #expect(logged.all.isEmpty)
        #expect(told.all.first?.hasPrefix("error recordsDamaged ") == true && told.all.last == "info opened -")
    }

    @Test("is logged at info where nobody listens: to alarm is the program's business")
    func logged() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        try await damaged(plant)
        let logged = Lines()
        let broker = try await plant.open(Logger(label: "test") { _ in Handler(lines: logged) })
        await broker.close()
        #expect(logged.all.first == "info Records are damaged and will not be served")
        #expect(logged.all.allSatisfy { $0.hasPrefix("info ") })
    }
}
