import EdgeBroker
import FlowFile
import KafkaListener
import Logging

/// The port for Kafka clients, open as long as the plant runs.
enum KafkaServing {
    /// - Parameter section: `nil`: no port is opened.
    /// - Throws: a `Failure` if the port cannot be had, and what `body` throws.
    static func with<Result>(
        _ section: PlantConfiguration.Kafka?, _ broker: Broker, _ logger: Logger, _ body: () async throws -> Result
    ) async throws -> Result {
        guard let section else { return try await body() }
        let listener: KafkaListener
        do throws(KafkaListenerError) {
            listener = try await KafkaListener.start(broker, KafkaListenerConfiguration(section), logger: logger)
        } catch {
            throw failure(error)
        }
        logger.info("listening for Kafka clients on \(section.listen.host):\(listener.endpoint.port)")
        let result: Result
        do {
            result = try await body()
        } catch {
            await listener.stop()
            throw error
        }
        await listener.stop()
        return result
    }

    private static func failure(_ error: KafkaListenerError) -> Failure {
        let status: ExitStatus =
            switch error.code {
            case .addressInUse: .busy
            case .addressNotAvailable: .configuration
            case .notAllowed: .refused
            case .other: .cannotCreate
            }
        return Failure(status, "\(error)")
    }
}

extension KafkaListenerConfiguration {
    init(_ section: PlantConfiguration.Kafka) {
        self.init()
        listen = Endpoint(section.listen)
        advertised = section.advertise.map { Endpoint($0) }
        if !section.createsTopics { autoCreated = nil }
        clampsReplicationFactor = section.clampsReplicationFactor
    }
}

extension KafkaListenerConfiguration.Endpoint {
    init(_ address: ListenAddress) { self.init(host: address.host, port: Int(address.port)) }
}
