/// Told by what librdkafka says of a connection that failed: one side speaks TLS, and the other does not.
enum TLSMismatch {
    /// - Parameter complaint: a line of librdkafka's log, or the text of an error.
    /// - Returns: what may be done about it; `nil` for any other failure.
    static func remedy(for complaint: String) -> String? {
        if complaint.contains("SSL handshake failed") {
            // What a port without TLS makes of a greeting: it hangs up, or answers with something else. librdkafka itself says PLAINTEXT then.
            let signs = ["unexpected eof", "wrong version number", "PLAINTEXT", "Disconnected"]
            guard signs.contains(where: complaint.contains) else { return nil }
            return "That port may speak without TLS: leave out security.protocol=SSL, or name the port that has it."
        }
        // What a port with TLS makes of our first request: it hangs up, or sends an alert, which is no size of a response.
        let signs = ["Disconnected", "Invalid response size"]
        guard complaint.contains("in state APIVERSION_QUERY"), signs.contains(where: complaint.contains) else {
            return nil
        }
        return
            "It hangs up at the first request: it may want TLS (-X security.protocol=SSL, or a file with --command-config), or be no Kafka server."
    }
}
