import Foundation
import Synchronization
import Testing

/// `serve`, whose standard error is read line by line while it runs.
final class ServedCommand: Sendable {
    private let process: Process
    private let lines: AsyncStream<String>
    private let status: AsyncStream<Int32>

    init(_ binary: CommandLineBinary, _ folder: String, environment: [String: String]) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: binary.path)
        process.arguments = ["serve", "--config", folder + "/p.yaml"]
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardError = pipe
        let (lines, feed) = AsyncStream.makeStream(of: String.self)
        let (status, ended) = AsyncStream.makeStream(of: Int32.self)
        (self.lines, self.status) = (lines, status)
        process.terminationHandler = { ended.yield($0.terminationReason == .exit ? $0.terminationStatus : -1) }
        try process.run()
        Thread.detachNewThread {
            var text = ""
            while true {
                let more = pipe.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += String(decoding: more, as: UTF8.self)
                while let end = text.firstIndex(of: "\n") {
                    feed.yield(String(text[..<end]))
                    text = String(text[text.index(after: end)...])
                }
            }
            feed.finish()
        }
    }

    /// Returns the milliseconds that it says it took, or `nil` if it ended without a word.
    @discardableResult func waitUntilReady() async -> Int? {
        let ready = await lines.first { $0.hasPrefix("ready in ") }
        return ready.flatMap { Int($0.dropFirst("ready in ".count).prefix { $0.isNumber }) }
    }

    /// What it says from here to its end.
    func rest() async -> String { await lines.reduce(into: "") { $0 += $1 + "\n" } }

    func stop(_ signal: Int32) async -> Int32? {
        kill(process.processIdentifier, signal)
        return await status.first { _ in true }
    }
}

@Suite("serve") struct CommandLineServeTests {
    private let flow = """
        flow: f
        source: { postgres: "host=/nonexistent dbname=erp", slot: s, tables: [a.t] }
        load: { into: { sqlite: mes.db }, tables: [{ from: a.t, to: t }] }
        """

    private func write(_ plant: String, _ folder: String) throws {
        try Data(plant.utf8).write(to: URL(fileURLWithPath: folder + "/p.yaml"))
        try Data(flow.utf8).write(to: URL(fileURLWithPath: folder + "/f.yaml"))
    }

    @Test(
        "is ready though the source does not answer, and ends in order",
        arguments: [(SIGTERM, 0), (SIGINT, 130)] as [(Int32, Int32)])
    func stops(_ signal: Int32, _ status: Int32) async throws {
        try await withCommandLine { binary, folder in
            try write("data_dir: log\nflows: [f.yaml]\n", folder)
            let served = try ServedCommand(binary, folder, environment: [:])
            #expect(await served.waitUntilReady() != nil)
            #expect(await served.stop(signal) == status)
            let told = await served.rest()
            #expect(told.contains("signal=\(signal == SIGINT ? "SIGINT" : "SIGTERM")"), "\(told)")
            #expect(told.contains("Stopped") || told.contains("The clean stop takes too long"), "\(told)")
            #expect(try await binary.run(["log", "verify", folder + "/log"], in: folder).status == 0)
        }
    }

    @Test("says whose turn it is when somebody else has the port")
    func takenPort() async throws {
        try await withCommandLine { binary, folder in
            let server = try KafkaServer()
            defer { server.stop() }
            try write("data_dir: log\nkafka: { listen: \"\(server.address)\" }\n", folder)
            let outcome = try await binary.run(["serve", "--config", folder + "/p.yaml"], in: folder)
            #expect(
                outcome.status == 75
                    && outcome.talk.contains(
                        "Cannot listen on \(server.address) for Kafka clients: the port is in use. Stop whoever has it"),
                "\(outcome.talk)")
        }
    }

    static let refusals: [(String, Int32, String)] = [
        ("data_dir: log\nflows: [g.yaml]\n", 78, "p.yaml:2:9: no file "),
        ("data_dri: log\n", 78, "p.yaml:1:1: unknown key \"data_dri\"; did you mean \"data_dir\"?"),
        ("data_dir: p.yaml\n", 73, "p.yaml"),
        ("data_dir: ${NOBODY}\n", 78, "p.yaml:1:11: the environment has no NOBODY"),
    ]

    @Test("refuses what it cannot run", arguments: refusals)
    func refuses(_ plant: String, _ status: Int32, _ words: String) async throws {
        try await withCommandLine { binary, folder in
            try write(plant, folder)
            let outcome = try await binary.run(["serve", "--config", folder + "/p.yaml"], in: folder)
            #expect(outcome.status == status && outcome.talk.contains(words), "\(outcome.talk)")
            #expect(!outcome.talk.contains("ready in"))
            let none = try await binary.run(["serve", "--config", folder + "/none.yaml"], in: folder)
            #expect(none.status == 66 && none.talk.contains("no file"))
        }
    }

    @Test("has its folder for itself")
    func locked() async throws {
        try await withCommandLine { binary, folder in
            try write("data_dir: log\n", folder)
            let served = try ServedCommand(binary, folder, environment: [:])
            await served.waitUntilReady()
            let second = try await binary.run(["serve", "--config", folder + "/p.yaml"], in: folder)
            #expect(second.status == 75 && second.talk.contains("in use"))
            #expect(await served.stop(SIGTERM) == 0)
        }
    }
}
