import Foundation
import Testing

/// Kafka's own Java classes, run by the programs in `Tests/Interop/java` that `Scripts/java-for-tests` prepares.
enum KafkaJava {
    private static let classPath = ProcessInfo.processInfo.environment["EDGEBROKER_TEST_JAVA"] ?? ""

    static let isThere = !classPath.isEmpty
    static let missing: Comment =
        "no JDK with Kafka's classes: run `make integration-tests`, which says why there is none"

    /// Of a Kafka Connect worker with Debezium's connector for Postgres, which lie beside the others.
    static let connectClassPath: String = {
        let folder = URL(fileURLWithPath: String(classPath.prefix { $0 != ":" })).deletingLastPathComponent().path
        return "\(folder)/connect/classes:\(folder)/connect/*:\(folder)/*"
    }()

    /// What Kafka's classes found in all the files together.
    struct Found: Decodable {
        let files: Int
        let batches: Int
        let damaged: Int
        let records: Int
    }

    /// Makes `folder/0/%020d.log`, `folder/1/…`.
    static func write(segments count: Int, seed: Int, to folder: String) throws {
        _ = try run(["WriteSegment", "\(seed)", "\(count)", folder])
    }

    /// Leaves `FILE.batches` and `FILE.records` beside each file.
    static func read(_ files: [String], in folder: String) throws -> Found {
        let list = folder + "/files"
        try Data(files.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
        return try JSONDecoder().decode(Found.self, from: Data(try run(["ReadSegment", list]).utf8))
    }

    /// Makes what stands in `Tests/Fixtures/kafka-wire`, for APIs as `Produce:3-13`.
    static func writeWireGoldens(of apis: [String], to folder: String) throws {
        _ = try run(["WireGoldens", folder] + apis)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ arguments: [String]) throws -> String {
        let java = try ForeignProgram.run(
            "/usr/bin/env", ["java", "-Xmx256m", "-Dfile.encoding=UTF-8", "-cp", classPath] + arguments)
        if java.code != 0 { throw Failure(description: "Java ended with \(java.code): \(java.talk)") }
        return java.out
    }
}
