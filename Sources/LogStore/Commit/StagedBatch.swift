import RecordFormat

/// A batch that has its place in the log: stamped with its base offset and leader epoch, not yet written.
struct StagedBatch: Sendable {
    let slot: Int
    let bytes: [UInt8]
    let header: RecordBatchHeader
    let range: Range<Offset>

    /// - Parameter batch: one whole batch that was validated, or built, by this process.
    init(_ batch: consuming [UInt8], slot: Int, base: Offset, leaderEpoch: Int32) {
        var bytes = batch
        header = bytes.withUnsafeMutableBytes { buffer in
            RecordBatchHeader.stamp(baseOffset: base, leaderEpoch: leaderEpoch, into: buffer)
            do throws(RecordFormatError) {
                return try RecordBatchHeader(decoding: UnsafeRawBufferPointer(buffer))
            } catch {
                preconditionFailure("A batch that was built here does not decode: \(error)")
            }
        }
        precondition(header.totalSize == bytes.count, "A batch of \(header.totalSize) bytes came in \(bytes.count)")
        self.slot = slot
        self.bytes = bytes
        range = base..<header.lastOffset.advanced(by: 1)
    }
}
