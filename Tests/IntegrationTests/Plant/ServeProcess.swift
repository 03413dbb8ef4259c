import Foundation
import Glibc

/// `edgebroker` as a plant runs it: the built binary, as a process of its own.
final class ServeProcess {
    struct DidNotStart: Error, CustomStringConvertible {
        let description: String
    }

    /// Beside the test bundle, where SwiftPM puts it.
    static let binary: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.path + "/edgebroker") {
            folder.deleteLastPathComponent()
        }
        return folder.path + "/edgebroker"
    }()

    private let process = Process()
    private let talk = Pipe()
    /// What it has said on stderr so far.
    private(set) var said = ""

    /// Starts `serve` and returns when it says that it is ready.
    init(configuration: String, environment: [String: String]) throws {
        process.executableURL = URL(fileURLWithPath: Self.binary)
        process.arguments = ["serve", "--config", configuration]
        process.environment = environment
        process.standardError = talk
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        while !said.contains("ready in ") {
            let more = talk.fileHandleForReading.availableData
            if more.isEmpty {
                process.waitUntilExit()
                throw DidNotStart(description: "serve ended with \(process.terminationStatus): \(said)")
            }
            said += String(decoding: more, as: UTF8.self)
        }
        // Nobody reads on; a full pipe must not stop it.
        let file = talk.fileHandleForReading
        Thread.detachNewThread { while !file.availableData.isEmpty {} }
    }

    /// Milliseconds that it says it took to be ready.
    var readyMilliseconds: Double? {
        guard let start = said.range(of: "ready in ") else { return nil }
        return Double(said[start.upperBound...].prefix { $0.isNumber || $0 == "." })
    }

    var isRunning: Bool { process.isRunning }

    /// As a power cut ends it, as far as the process can tell.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop.
    /// - Returns: its exit code.
    func terminate() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    /// Runs another verb to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (
        code: Int32, out: String, talk: String
    ) {
        try ForeignProgram.run(binary, arguments, environment: environment)
    }
}
