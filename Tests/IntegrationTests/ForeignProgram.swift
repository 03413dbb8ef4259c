import Foundation

/// A program that is run to its end and says little: far less than a pipe holds.
enum ForeignProgram {
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String]? = nil
    ) throws -> (code: Int32, out: String, talk: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        if let environment { process.environment = environment }
        let (out, talk) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = talk
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        let complaints = talk.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: data, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }
}
