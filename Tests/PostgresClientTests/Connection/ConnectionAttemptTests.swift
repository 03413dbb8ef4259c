import Glibc
import Testing

@testable import PostgresClient

@Suite("An attempt to connect")
struct ConnectionAttemptTests {
    @Test("leaves libpq's guesses out: what to do is said once")
    func guesses() {
        let text =
            "connection to server at \"h\", port 1 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n"
        #expect(ServerVerdict.oneLine(text) == "connection to server at \"h\", port 1 failed: Connection refused")
    }

    @Test(
        "takes the SQLSTATE out of the server's words, whatever their language",
        arguments: [
            ("failed: FATAL:  28P01: password", "failed: FATAL: password", "28P01"),
            ("FATAL:  57P03: a\nFATAL:  3D000: b", "FATAL: a\nFATAL: b", "3D000"),
            ("FATAL:  28000: no role", "FATAL: no role", "28000"),
            ("SCHWERWIEGEND:  53300: x", "SCHWERWIEGEND: x", "53300"),
            ("could not connect:  refused", "could not connect:  refused", nil),
            ("FATAL:  abcde: x", "FATAL:  abcde: x", nil),
            ("FATAL:  28P0", "FATAL:  28P0", nil), ("", "", nil),
        ] as [(String, String, String?)])
    func sqlState(verbose: String, words: String, state: String?) {
        let taken = ConnectionAttempt.takeSQLState(verbose)
        #expect(taken.words == words && taken.sqlState == state)
    }

    @Test("ends at its time limit when the other side is silent")
    func silence() throws {
        let listener = try SilentListener()
        let options = ConnectionOptions(timeout: .milliseconds(50))
        let error = #expect(throws: PostgresError.self) { try PostgresConnection(listener.conninfo, options) }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("did not answer within 0.05 seconds") == true)
    }

    @Test("ends when it is stopped, and only then")
    func stopped() throws {
        let listener = try SilentListener()
        let wakeup = try Wakeup()
        wakeup.signal()
        var questions = 0
        let error = #expect(throws: PostgresError.self) {
            try PostgresConnection(listener.conninfo, wakeup: wakeup) {
                questions += 1
                wakeup.signal()
                return questions == 3
            }
        }
        #expect(error?.code == .cancelled)
    }
}

/// A TCP port of this computer that takes connections and never says a word.
private struct SilentListener: ~Copyable {
    private let descriptor: Int32
    let conninfo: String

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = descriptor
        let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            } ? UInt16(bigEndian: pointer.pointee.sin_port) : nil
        }
        conninfo = "host=127.0.0.1 port=\(try #require(port)) sslmode=disable user=erp"
    }

    deinit { _ = close(descriptor) }
}
