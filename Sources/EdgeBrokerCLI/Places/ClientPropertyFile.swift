import Foundation
import KafkaClient

/// The file that `--command-config` names.
enum ClientPropertyFile {
    /// - Parameter path: `nil`: no file, no properties.
    /// - Throws: a `Failure`; what the file holds is not repeated.
    static func properties(in path: String?) throws -> ClientProperties {
        guard let path else { return ClientProperties() }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let isAbsent = !FileManager.default.fileExists(atPath: path)
            throw Failure(
                isAbsent ? .notFound : .inputOutput,
                "\(path) cannot be read\(isAbsent ? ": there is no such file" : ""). Check --command-config.")
        }
        let java = try JavaProperties(PropertyFile.read(String(decoding: bytes, as: UTF8.self)))
        if !java.ignored.isEmpty {
            Console.talk("\(path): left out, for Java's clients only: \(java.ignored.joined(separator: ", ")).")
        }
        return java.properties
    }
}
