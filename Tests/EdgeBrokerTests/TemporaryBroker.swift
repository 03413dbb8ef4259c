import EdgeBroker
import Foundation
import Logging
import RecordFormat

/// A broker on a folder that goes with it.
struct TemporaryBroker {
    let path = NSTemporaryDirectory() + "edgebroker-broker-\(UUID().uuidString)"

    func open(
        _ logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ change: (inout BrokerConfiguration) -> Void = { _ in }
    ) async throws -> Broker {
        var configuration = BrokerConfiguration(dataDirectory: path)
        change(&configuration)
        return try await Broker.open(configuration, logger: logger)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Opens a broker, hands it over, closes it and removes its folder.
    static func with(_ body: (Broker) async throws -> Void) async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        do {
            try await body(broker)
        } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }
}

func record(_ value: String, key: String? = nil) -> Record {
    Record(
        key: key.map { Array($0.utf8) }, value: Array(value.utf8), headers: [],
        timestamp: Timestamp(millisecondsSince1970: 1_700_000_000_000))
}

extension FetchedRecords {
    var values: [String] { records.map { String(decoding: $0.record.value ?? [], as: UTF8.self) } }
}
