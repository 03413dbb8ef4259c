package import RecordFormat

/// What tells a segment's file from every other without reading it: 12 bytes, big-endian, of a seal and of a durable mark. All
/// zero where nobody knows, or where there is no batch.
///
/// A file that was exchanged with another, or an older copy, has the size and the offsets of the right one only by chance, but
/// then each of its batches is good. The checksum of all bytes would tell as well; to compare it, they must all be read.
///
/// | at | size | field        | meaning                        |
/// |---:|-----:|:-------------|:-------------------------------|
/// |  0 |    4 | `firstBatch` | `crc` of the first batch       |
/// |  4 |    4 | `lastBatch`  | `crc` of the last batch        |
/// |  8 |    4 | `lastSize`   | bytes of the last batch        |
package struct SegmentFingerprint: Sendable, Equatable {
    package var firstBatch: UInt32
    package var lastBatch: UInt32
    package var lastSize: Int32

    package init(firstBatch: UInt32, lastBatch: UInt32, lastSize: Int32) {
        self.firstBatch = firstBatch
        self.lastBatch = lastBatch
        self.lastSize = lastSize
    }

    /// Of a segment with one batch.
    package init(_ header: RecordBatchHeader) {
        firstBatch = header.crc
        lastBatch = header.crc
        lastSize = Int32(clamping: header.totalSize)
    }

    /// Takes note of the batch that follows.
    package mutating func note(_ header: RecordBatchHeader) {
        lastBatch = header.crc
        lastSize = Int32(clamping: header.totalSize)
    }
}

extension FieldWriter {
    mutating func append(_ fingerprint: SegmentFingerprint?) {
        append(fingerprint?.firstBatch ?? 0)
        append(fingerprint?.lastBatch ?? 0)
        append(fingerprint?.lastSize ?? 0)
    }
}

extension FieldReader {
    mutating func nextFingerprint() -> SegmentFingerprint? {
        let fingerprint = SegmentFingerprint(
            firstBatch: next(), lastBatch: next(), lastSize: next())
        return fingerprint.lastSize > 0 ? fingerprint : nil
    }
}
