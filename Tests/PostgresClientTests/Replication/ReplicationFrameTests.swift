import PostgresClient
import Testing

@Suite("A replication frame")
struct ReplicationFrameTests {
    private static let numbers: [UInt8] = [0, 0, 0, 0, 1, 0x6B, 0x37, 0x48, 0, 0, 0, 0, 1, 0x6B, 0x37, 0x50]
    private static let time: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]

    @Test("of WAL data has start, end, time and payload", arguments: ["", "B", "payload"])
    func data(payload: String) throws {
        let bytes = [UInt8(ascii: "w")] + Self.numbers + Self.time + Array(payload.utf8)
        try bytes.withUnsafeBytes {
            guard case .data(let start, let end, let sendTime, let found) = try ReplicationFrame(decoding: $0) else {
                Issue.record("not data")
                return
            }
            #expect(start == 0x16B_3748 && end == 0x16B_3750 && sendTime == -2)
            #expect(found.elementsEqual(payload.utf8))
        }
    }

    @Test("of a keepalive tells whether to answer now", arguments: [UInt8(0), 1])
    func keepalive(flag: UInt8) throws {
        let bytes = [UInt8(ascii: "k")] + Self.numbers.suffix(8) + Self.time + [flag]
        try bytes.withUnsafeBytes {
            guard case .keepalive(let end, let sendTime, let replyRequested) = try ReplicationFrame(decoding: $0) else {
                Issue.record("not a keepalive")
                return
            }
            #expect(end == 0x16B_3750 && sendTime == -2 && replyRequested == (flag == 1))
        }
    }

    @Test("that is cut short, too long or of another kind is refused", arguments: [0, 1, 17, 19, 24])
    func malformed(size: Int) {
        for kind in ["w", "k", "s"] {
            var bytes = [UInt8](repeating: 0, count: size)
            if size > 0 { bytes[0] = kind.utf8.first ?? 0 }
            let error = #expect(throws: PostgresError.self) {
                try bytes.withUnsafeBytes { _ = try ReplicationFrame(decoding: $0) }
            }
            #expect(error?.code == .protocolViolation)
        }
    }

    @Test("of our own status has the documented bytes")
    func status() {
        let status = StandbyStatus(written: 0x16B_3750, flushed: 0x16B_3748, applied: 1, replyRequested: true)
        let expected: [UInt8] =
            [UInt8(ascii: "r")] + Self.numbers.suffix(8) + Self.numbers.prefix(8) + [0, 0, 0, 0, 0, 0, 0, 1] + Self.time
            + [1]
        #expect(status.encoded(microsecondsSince2000: -2) == expected)
        #expect(expected.count == StandbyStatus.encodedSize)
    }
}
