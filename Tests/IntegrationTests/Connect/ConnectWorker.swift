import Foundation
import FoundationNetworking
import Glibc

/// A distributed worker of Kafka Connect, as a process of its own. It keeps connectors, offsets and states in three topics of the broker,
/// so a next one of the same group goes on with them.
final class ConnectWorker {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    /// `http://127.0.0.1:PORT/`, where connectors are administered.
    private let address: URL

    /// Starts it and returns once it has joined its group and takes requests.
    ///
    /// - Parameter folder: for its settings and what it says; it may be the one of the worker before.
    init(broker: String, folder: String) throws {
        let settings = [
            "bootstrap.servers": broker,
            "group.id": "connect",
            "config.storage.topic": "connect-configs",
            "offset.storage.topic": "connect-offsets",
            "status.storage.topic": "connect-status",
            "key.converter": "org.apache.kafka.connect.json.JsonConverter",
            "value.converter": "org.apache.kafka.connect.json.JsonConverter",
            "key.converter.schemas.enable": "false",
            "value.converter.schemas.enable": "false",
            "listeners": "http://127.0.0.1:0",
            "plugin.discovery": "service_load",
            "offset.flush.interval.ms": "1000",
            // What a worker that was killed had to do is given away as soon as it counts as gone, and that soon.
            "scheduled.rebalance.max.delay.ms": "0",
            "session.timeout.ms": "6000",
            "heartbeat.interval.ms": "2000",
        ]
        let log = """
            rootLogger.level=info
            rootLogger.appenderRef.out.ref=out
            appender.out.type=Console
            appender.out.name=out
            appender.out.layout.type=PatternLayout
            appender.out.layout.pattern=%d %p %c{1} %m%n

            """
        try Data(settings.map { "\($0)=\($1)\n" }.sorted().joined().utf8)
            .write(to: URL(fileURLWithPath: folder + "/worker.properties"))
        try Data(log.utf8).write(to: URL(fileURLWithPath: folder + "/log4j2.properties"))

        let talk = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Many short lives: what the compiler would gain, it costs.
        process.arguments = [
            "java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dlog4j2.configurationFile=\(folder)/log4j2.properties",
            "-cp",
            KafkaJava.connectClassPath, "org.apache.kafka.connect.cli.ConnectDistributed",
            folder + "/worker.properties",
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = talk
        process.standardError = talk
        process.standardInput = FileHandle.nullDevice
        try process.run()

        let file = talk.fileHandleForReading
        var said = ""
        while !said.contains("Kafka Connect started") {
            let more = file.availableData
            if more.isEmpty {
                process.waitUntilExit()
                throw Failure(description: "the worker ended with \(process.terminationStatus): \(said.suffix(4000))")
            }
            said += String(decoding: more, as: UTF8.self)
        }
        // `… advertising URL http://127.0.0.1:PORT/`
        guard let start = said.range(of: "advertising URL ")?.upperBound,
            let address = URL(string: String(said[start...].prefix { !$0.isWhitespace }))
        else {
            Glibc.kill(process.processIdentifier, SIGKILL)
            throw Failure(description: "the worker does not say where it listens: \(said.suffix(4000))")
        }
        self.address = address
        // A full pipe must not stop it. What went wrong is looked for in the file.
        let rest = folder + "/worker-\(process.processIdentifier).log"
        try Data(said.utf8).write(to: URL(fileURLWithPath: rest))
        let kept = try FileHandle(forWritingTo: URL(fileURLWithPath: rest))
        _ = try kept.seekToEnd()
        Thread.detachNewThread {
            while case let more = file.availableData, !more.isEmpty { try? kept.write(contentsOf: more) }
        }
    }

    deinit { if process.isRunning { kill() } }

    /// Makes a connector, which the workers of the group keep.
    func create(_ connector: String, _ settings: [String: String]) async throws {
        var request = URLRequest(url: address.appendingPathComponent("connectors/\(connector)/config"))
        request.httpMethod = "PUT"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONEncoder().encode(settings)
        _ = try await answer(to: request)
    }

    func connectors() async throws -> [String] {
        let data = try await answer(to: URLRequest(url: address.appendingPathComponent("connectors")))
        return try JSONDecoder().decode([String].self, from: data)
    }

    private func answer(to request: URLRequest) async throws -> Data {
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let status = (response as? HTTPURLResponse)?.statusCode, (200..<300).contains(status) else {
            throw Failure(description: "the worker answered: \(String(decoding: data, as: UTF8.self))")
        }
        return data
    }

    /// Asks it to stop, which it does once its tasks have written what they hold.
    func terminate() {
        process.terminate()
        process.waitUntilExit()
    }

    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
