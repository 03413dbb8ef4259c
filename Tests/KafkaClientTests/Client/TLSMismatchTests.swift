import Testing

@testable import KafkaClient

@Suite("A connection where only one side speaks TLS") struct TLSMismatchTests {
    @Test(
        "is told by how it ends",
        arguments: [
            (
                "ssl://h:1/bootstrap: SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading (after 0ms in state SSL_HANDSHAKE)",
                "leave out security.protocol"
            ),
            (
                "ssl://h:1/bootstrap: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener? (after 1ms in state SSL_HANDSHAKE)",
                "leave out security.protocol"
            ),
            ("ssl://h:1/bootstrap: SSL handshake failed: wrong version number", "leave out security.protocol"),
            ("h:1/bootstrap: Disconnected (after 0ms in state APIVERSION_QUERY)", "may want TLS"),
            (
                "h:1/bootstrap: Receive failed: Invalid response size 352518912 (0..100000000): increase receive.message.max.bytes (after 1ms in state APIVERSION_QUERY)",
                "may want TLS"
            ),
            (
                "h:1/1: Receive failed: Invalid response size 5000 (0..1000): increase receive.message.max.bytes (after 1ms in state UP)",
                nil
            ),
            ("h:1/bootstrap: Disconnected (after 60000ms in state UP)", nil),
            ("h:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused", nil),
            ("ssl://h:1/bootstrap: SSL handshake failed: certificate verify failed: self signed certificate", nil),
        ] as [(String, String?)])
    func tells(_ complaint: String, _ words: String?) {
        let remedy = TLSMismatch.remedy(for: complaint)
        #expect(words.map { remedy?.contains($0) == true } ?? (remedy == nil))
    }
}
