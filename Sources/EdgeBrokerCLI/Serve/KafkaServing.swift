import EdgeBroker
import FlowFile
import Glibc
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
            throw failure(error, section.listen)
        }
        Console.talk("listening for Kafka clients on \(section.listen.host):\(listener.endpoint.port)")
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

    private static func failure(_ error: KafkaListenerError, _ address: ListenAddress) -> Failure {
        let what = "Cannot listen on \(address) for Kafka clients"
        let other = "choose another one with `kafka: { listen: HOST:PORT }`."
        switch systemError(error) {
        case EADDRINUSE:
            return Failure(.busy, "\(what): the port is in use. Stop whoever has it (`ss -ltnp` tells), or \(other)")
        case EADDRNOTAVAIL:
            return Failure(
                .configuration, "\(what): this machine has no such address. Name one that it has, or \(other)")
        case EACCES, EPERM:
            return Failure(.refused, "\(what): this user may not have the port. Take one from 1024 on: \(other)")
        default: return Failure(.cannotCreate, "\(error)")
        }
    }

    /// The system's number of what happened, which the error has in its text only.
    private static func systemError(_ error: KafkaListenerError) -> Int32? {
        error.message.firstMatch(of: /errno: (\d+)/).flatMap { Int32($0.1) }
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
