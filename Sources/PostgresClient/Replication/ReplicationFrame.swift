/// What the server sends inside CopyData while it streams. Integers are big-endian, times microseconds since 2000-01-01.
///
/// | at | size | field        | `w`, WAL data                      |
/// |---:|-----:|:-------------|:-----------------------------------|
/// |  0 |    1 | kind         | `w`                                |
/// |  1 |    8 | `start`      | LSN at which the payload starts    |
/// |  9 |    8 | `serverEnd`  | end of WAL on the server           |
/// | 17 |    8 | `sendTime`   | the server's clock                 |
/// | 25 |  0…  | `payload`    | one message of the output plug-in  |
///
/// | at | size | field            | `k`, keepalive                                     |
/// |---:|-----:|:-----------------|:---------------------------------------------------|
/// |  0 |    1 | kind             | `k`                                                |
/// |  1 |    8 | `serverEnd`      | everything before this LSN has been sent           |
/// |  9 |    8 | `sendTime`       | the server's clock                                 |
/// | 17 |    1 | `replyRequested` | 1: answer now, or be cut off after `wal_sender_timeout` |
///
/// A server that shuts down asks for replies until the client has confirmed all that was sent, and waits for it.
package enum ReplicationFrame {
    /// `payload` is good until the next call of ``ReplicationStream/next()``.
    case data(start: UInt64, serverEnd: UInt64, sendTime: Int64, payload: UnsafeRawBufferPointer)
    case keepalive(serverEnd: UInt64, sendTime: Int64, replyRequested: Bool)

    static let dataHeaderSize = 25
    static let keepaliveSize = 18

    package init(decoding bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        func integer(at offset: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        switch bytes.first {
        case UInt8(ascii: "w") where bytes.count >= Self.dataHeaderSize:
            self = .data(
                start: integer(at: 1), serverEnd: integer(at: 9), sendTime: Int64(bitPattern: integer(at: 17)),
                payload: UnsafeRawBufferPointer(rebasing: bytes[Self.dataHeaderSize...]))
        case UInt8(ascii: "k") where bytes.count == Self.keepaliveSize:
            self = .keepalive(
                serverEnd: integer(at: 1), sendTime: Int64(bitPattern: integer(at: 9)), replyRequested: bytes[17] != 0)
        case let kind:
            throw PostgresError(
                .protocolViolation,
                "A replication frame of \(bytes.count) bytes starts with byte \(kind.map(String.init) ?? "none").",
                remedy: "If a proxy stands before the server, connect without it.")
        }
    }
}
