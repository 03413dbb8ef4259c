/// What we tell the server inside CopyData. Integers are big-endian.
///
/// | at | size | field            | meaning                                                       |
/// |---:|-----:|:-----------------|:--------------------------------------------------------------|
/// |  0 |    1 | kind             | `r`                                                           |
/// |  1 |    8 | `written`        | LSN up to which we have received                              |
/// |  9 |    8 | `flushed`        | LSN up to which we have synced: the slot's `confirmed_flush_lsn` |
/// | 17 |    8 | `applied`        | shown in `pg_stat_replication`                                |
/// | 25 |    8 | time             | our clock, microseconds since 2000-01-01                      |
/// | 33 |    1 | `replyRequested` | 1: the server answers with a keepalive                        |
package struct StandbyStatus: Sendable, Equatable {
    package static let encodedSize = 34

    package var written: UInt64
    package var flushed: UInt64
    package var applied: UInt64
    package var replyRequested: Bool

    package init(written: UInt64, flushed: UInt64, applied: UInt64, replyRequested: Bool = false) {
        self.written = written
        self.flushed = flushed
        self.applied = applied
        self.replyRequested = replyRequested
    }

    package func encoded(microsecondsSince2000 time: Int64) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "r")]
        bytes.reserveCapacity(Self.encodedSize)
        for value in [written, flushed, applied, UInt64(bitPattern: time)] {
            withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(replyRequested ? 1 : 0)
        return bytes
    }
}
