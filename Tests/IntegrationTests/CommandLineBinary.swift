import Foundation

/// The built `edgebroker`, run as a person or a script runs it.
struct CommandLineBinary {
    struct Outcome {
        let status: Int32
        let output: String
        let talk: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
        /// Every line of output as a JSON object.
        var objects: [[String: Any]] {
            lines.compactMap { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] }
        }
    }

    let path: String

    /// Beside the test bundle. The product is called `edgebroker`; where only targets are built, it has the target's name.
    static let built: CommandLineBinary? = {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        let folder = URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent().path
        return ["edgebroker", "EdgeBrokerCLI"].map { "\(folder)/\($0)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }.map { CommandLineBinary(path: $0) }
    }()

    /// Starts it. What it prints goes to files, so that no pipe can fill up and stop it, or to a pipe that the caller reads.
    func start(
        _ arguments: [String], environment: [String: String] = [:], input: Pipe? = nil, output: Pipe? = nil,
        in folder: String
    ) throws -> (process: Process, outcome: @Sendable () async -> Outcome) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let name = "\(folder)/run-\(UUID().uuidString)"
        let files = ["out", "err"].map { URL(fileURLWithPath: "\(name).\($0)") }
        for file in files { try Data().write(to: file) }
        process.standardInput = if let input { input } else { FileHandle.nullDevice }
        process.standardOutput = if let output { output } else { try FileHandle(forWritingTo: files[0]) }
        process.standardError = try FileHandle(forWritingTo: files[1])
        let ended = AsyncStream<Int32> { stream in
            process.terminationHandler = {
                stream.yield($0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus)
                stream.finish()
            }
        }
        try process.run()
        // What hangs must not hang the tests.
        DispatchQueue.global().asyncAfter(deadline: .now() + 600) { [process] in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        return (
            process,
            {
                var status: Int32 = Int32.min
                for await value in ended { status = value }
                let texts = files.map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }
                return Outcome(status: status, output: texts[0], talk: texts[1])
            }
        )
    }

    /// Runs it to its end. A signal that ended it is a negative status.
    func run(_ arguments: [String], environment: [String: String] = [:], in folder: String) async throws -> Outcome {
        try await start(arguments, environment: environment, in: folder).outcome()
    }
}

/// A folder that is gone after `body`, and the binary.
func withCommandLine(_ body: (CommandLineBinary, String) async throws -> Void) async throws {
    guard let binary = CommandLineBinary.built else { throw MissingBinary() }
    let folder = NSTemporaryDirectory() + "edgebroker-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(binary, folder)
}

struct MissingBinary: Error, CustomStringConvertible {
    var description: String { "There is no edgebroker beside the test bundle \(CommandLine.arguments)" }
}
