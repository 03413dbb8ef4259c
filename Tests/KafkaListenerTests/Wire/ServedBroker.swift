import EdgeBroker
import Foundation
import KafkaListener
import Logging

/// A broker with a listener on a port of its own, in a folder that goes with it.
struct ServedBroker {
    let path = NSTemporaryDirectory() + "edgebroker-listener-\(UUID().uuidString)"
    private let logger: Logger

    init(_ logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { self.logger = logger }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Opens the broker and listens, hands both over, and stops.
    func run(
        _ change: (inout KafkaListenerConfiguration) -> Void = { _ in },
        _ body: (Broker, KafkaListener) async throws -> Void
    ) async throws {
        let broker = try await Broker.open(BrokerConfiguration(dataDirectory: path), logger: logger)
        var configuration = KafkaListenerConfiguration()
        configuration.listen.port = 0
        // A test that runs beside a thousand others may be long in asking. What ends a connection, each test says itself.
        configuration.firstRequestTimeout = .seconds(3600)
        change(&configuration)
        do {
            let listener = try await KafkaListener.start(broker, configuration, logger: logger)
            do {
                try await body(broker, listener)
            } catch {
                await listener.stop()
                throw error
            }
            await listener.stop()
        } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }

    static func with(
        _ change: (inout KafkaListenerConfiguration) -> Void = { _ in },
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: (Broker, KafkaListener) async throws -> Void
    ) async throws {
        let served = ServedBroker(logger)
        defer { served.remove() }
        try await served.run(change, body)
    }
}

extension KafkaListener {
    /// A further connection to it.
    func connect<Result: Sendable>(
        _ body: @Sendable (inout WireConnection) async throws -> Result
    ) async throws -> Result {
        try await WireConnection.with(port: endpoint.port, body)
    }
}
