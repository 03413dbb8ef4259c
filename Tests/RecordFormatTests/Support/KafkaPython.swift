import Foundation
import Testing

/// A real Kafka client that reads our batches: kafka-python, run by the Python that `Scripts/python-for-tests` prepares.
enum KafkaPython {
    private static let variable = "EDGEBROKER_TEST_PYTHON"
    private static let named = ProcessInfo.processInfo.environment[variable]

    static let missing: Comment = "no Python with kafka-python: run `make test`, or set EDGEBROKER_TEST_PYTHON"

    /// Whoever sets the variable wants the tests to run: then a client that is missing is a failure.
    static let isWanted = named != nil || (try? run(["-c", "import kafka.record.default_records"], input: "")) != nil

    /// What the client reads in each of `batches`.
    static func describe(_ batches: [[UInt8]]) throws -> [BatchDescription] {
        let script = GoldenBatch.folder.appending(path: "describe.py").path(percentEncoded: false)
        let input = batches.map { HexadecimalBytes.encode($0) + "\n" }.joined()
        let lines = try run([script], input: input).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(BatchDescription.self, from: Data($0.utf8)) }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static func run(_ arguments: [String], input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: named ?? "/usr/bin/env")
        process.arguments = (named == nil ? ["python3"] : []) + ["-B"] + arguments
        // A file, because a client that ends early would break a pipe, and the signal would end the tests.
        let inputFile = FileManager.default.temporaryDirectory.appending(path: "batches-\(UUID().uuidString)")
        try Data(input.utf8).write(to: inputFile)
        defer { try? FileManager.default.removeItem(at: inputFile) }
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        let (results, complaints) = (Pipe(), Pipe())
        process.standardOutput = results
        process.standardError = complaints
        try process.run()
        let output = results.fileHandleForReading.readDataToEndOfFile()
        let complaint = complaints.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description:
                    "Python ended with \(process.terminationStatus): \(String(decoding: complaint, as: UTF8.self))")
        }
        return String(decoding: output, as: UTF8.self)
    }
}
