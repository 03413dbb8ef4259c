import KafkaClient

/// The file of client properties that `--command-config` names.
enum ClientPropertyFile {
    /// - Parameter path: `nil`: no file, no properties.
    /// - Throws: a `Failure`; what the file holds is not repeated.
    static func properties(in path: String?) throws -> ClientProperties {
        guard let path else { return ClientProperties() }
        let java = try JavaProperties(PropertyFile.read(try OptionFile.text(at: path, "--command-config")))
        if !java.ignored.isEmpty {
            Console.talk("\(path): left out, for Java's clients only: \(java.ignored.joined(separator: ", ")).")
        }
        return java.properties
    }
}
