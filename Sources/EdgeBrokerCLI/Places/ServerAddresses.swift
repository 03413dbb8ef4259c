import ArgumentParser

/// What `--bootstrap-server` takes: one or several servers with commas, each `HOST:PORT`, or `HOST` for port 9092. librdkafka takes a port that is
/// none for a name that does not resolve, and says so only after its patience.
enum ServerAddresses {
    /// - Throws: a `ValidationError` that names the first one that cannot be.
    static func check(_ text: String, option: String) throws(ValidationError) {
        let addresses = text.split(separator: ",")
        if let wrong = addresses.isEmpty ? text[...] : addresses.first(where: { !isPossible($0) }) {
            throw ValidationError("\(option) takes HOST:PORT such as 127.0.0.1:9092, found \"\(wrong)\".")
        }
    }

    private static func isPossible(_ text: Substring) -> Bool {
        var rest = text.drop(while: \.isWhitespace)
        // `PLAINTEXT://h:1`, as Kafka writes listeners.
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return false }
            return isPort(rest[rest.index(after: end)...])
        }
        let host = rest.prefix { $0 != ":" }
        return !host.isEmpty && !host.contains(where: \.isWhitespace) && isPort(rest[host.endIndex...])
    }

    /// - Parameter text: what follows the host.
    private static func isPort(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        guard text.first == ":", let port = UInt16(text.dropFirst()) else { return false }
        return port > 0
    }
}
