import RecordFormat

/// Whether a segment's file is the one it should be (``SegmentFingerprint``).
extension LogPosition {
    static let otherFile = "it is another file: a batch in it is good and is not the one that was written there"

    /// Whether `file` holds good batches where others were written. What is damaged or cut off says nothing.
    ///
    /// - Complexity: two small reads, if the file is the right one.
    func isForeign(to file: any DiskFile, size: Int) throws(DiskError) -> Bool {
        guard let fingerprint, self.size > 0 else { return false }
        let last = self.size - Int(fingerprint.lastSize)
        if try Self.isAnother(than: fingerprint.firstBatch, at: 0, file, size) { return true }
        return try Self.isAnother(than: fingerprint.lastBatch, at: last, file, size)
    }

    /// Whether the file's first header is that of the batch that was written there.
    func beginsAlike(_ file: any DiskFile, size: Int) throws(DiskError) -> Bool {
        guard let fingerprint, size >= RecordBatchHeader.encodedSize else { return false }
        var scanner = BatchScanner(
            file, from: 0, to: size, expecting: .zero, countsChecksum: false, chunk: RecordBatchHeader.encodedSize)
        return try scanner.header(at: 0)?.crc == fingerprint.firstBatch
    }

    /// Whether a good batch begins at `place` that has another checksum.
    private static func isAnother(
        than crc: UInt32, at place: Int, _ file: any DiskFile, _ size: Int
    ) throws(DiskError) -> Bool {
        guard place >= 0, size - place >= RecordBatchHeader.encodedSize else { return false }
        var scanner = BatchScanner(
            file, from: place, to: size, expecting: .zero, countsChecksum: false, chunk: RecordBatchHeader.encodedSize)
        guard let header = try scanner.header(at: place), header.crc != crc else { return false }
        scanner.move(to: place, expecting: header.baseOffset)
        if case .good = try scanner.next() { return true }
        return false
    }
}
