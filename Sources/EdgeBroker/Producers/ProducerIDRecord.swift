/// A record of `__producer_ids`: ids below `next` may have been given out. Big-endian; the key is the text `next`, so that a
/// compaction leaves the newest.
///
/// | at | size | field     | meaning                          |
/// |---:|-----:|:----------|:---------------------------------|
/// |  0 |    2 | `version` | 0                                |
/// |  2 |    8 | `next`    | the first id of the next block   |
///
/// Valid when nothing follows and `next` is 0 or more.
package struct ProducerIDRecord: Sendable, Equatable {
    static let topic = "__producer_ids"
    static let key = Array("next".utf8)
    private static let version: Int16 = 0

    package var next: Int64

    package init(next: Int64) { self.next = next }

    package var encoded: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.version)
        writer.append(next)
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no such record.
    package init?(decoding bytes: [UInt8]) {
        var reader = BinaryReader(bytes)
        let version: Int16 = reader.next()
        next = reader.next()
        guard reader.isAtEnd, version == Self.version, next >= 0 else { return nil }
    }
}
