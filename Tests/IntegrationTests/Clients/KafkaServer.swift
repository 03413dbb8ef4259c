import Foundation
import Testing

/// A plant without flows that serves Kafka clients on a port of its own, and a folder that goes with it.
final class KafkaServer {
    struct NoPort: Error {}

    let folder = NSTemporaryDirectory() + "edgebroker-kafka-\(UUID().uuidString)"
    /// `127.0.0.1:PORT`.
    private(set) var address = ""
    private let advertised: String?
    private var process: ServeProcess?

    /// - Parameter advertised: where clients are told to go, where something in between listens; `nil`: to the server itself.
    init(advertised: String? = nil) throws {
        self.advertised = advertised
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try start(port: 0)
    }

    private func start(port: Int) throws {
        let configuration = folder + "/edgebroker.yaml"
        let advertise = advertised.map { ", advertise: \"\($0)\"" } ?? ""
        try Data("data_dir: data\nkafka: { listen: \"127.0.0.1:\(port)\"\(advertise) }\n".utf8)
            .write(to: URL(fileURLWithPath: configuration))
        let process = try ServeProcess(configuration: configuration, environment: [:])
        self.process = process
        guard
            let line = process.said.split(separator: "\n").first(where: {
                $0.contains("listening for Kafka clients on")
            }),
            let found = line.split(separator: " ").last
        else { throw NoPort() }
        address = String(found)
    }

    var port: Int { Int(address.split(separator: ":").last ?? "") ?? 0 }

    func kill() {
        process?.kill()
        process = nil
    }

    /// Starts the next one on the same port.
    func restart() throws { try start(port: port) }

    /// Ends the process as a power cut does, as far as it can tell, and starts the next one on the same port.
    func killAndRestart() throws {
        process?.kill()
        try start(port: port)
    }

    @discardableResult
    func stop() -> Int32 {
        let code = process?.terminate() ?? 0
        process = nil
        try? FileManager.default.removeItem(atPath: folder)
        return code
    }

    static func with(_ body: (KafkaServer) throws -> Void) throws {
        let server = try KafkaServer()
        defer { server.stop() }
        try body(server)
    }
}

/// Programs in `Tests/Interop/clients`, run by the Python that `Scripts/python-for-tests` prepares.
enum PythonClients {
    private static let environment = ProcessInfo.processInfo.environment
    private static let python = environment["EDGEBROKER_TEST_PYTHON"] ?? ""

    static let isThere = !python.isEmpty
    static let missing: Comment = "no Python with Kafka clients: run `make integration-tests`, which prepares one"

    /// - Parameter packages: a folder of packages that go before those that are installed.
    static func run(_ name: String, _ arguments: [String], packages: String? = nil) throws -> (
        code: Int32, out: String, talk: String
    ) {
        var variables = environment
        if let packages { variables["PYTHONPATH"] = packages }
        return try ForeignProgram.run(python, [path(name)] + arguments, environment: variables)
    }

    /// Starts one that goes on until it is ended.
    static func start(_ name: String, _ arguments: [String]) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [path(name)] + arguments
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return (process, pipe.fileHandleForReading)
    }

    private static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Interop/clients/\(name).py").path
    }

    /// Packages of an older version of a client, beside the newest one.
    static func packages(_ name: String) -> String {
        URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("older/\(name)").path
    }
}
