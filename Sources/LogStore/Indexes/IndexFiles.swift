package import RecordFormat

/// The index files of a segment on a disk.
extension SegmentIndexes {
    /// Writes the files. Not synced: they are caches, and the checksum in the seal tells whether they are whole.
    /// - Returns: what the seal is to say of them.
    @discardableResult
    package func write(base: Offset, in folder: String, on disk: any Disk) throws(DiskError) -> SegmentSeal.Indexes {
        let files = files(base: base)
        for file in files {
            let path = folder + "/" + file.name
            if file.bytes.isEmpty, file.name == SegmentName.abortedTransactions(base) {
                if try disk.kind(of: path) != .absent { try disk.remove(path) }
                continue
            }
            let open = try disk.open(path, .createEmpty)
            defer { open.close() }
            try open.writeAll(file.bytes, at: 0)
        }
        return sealed(files)
    }

    /// The indexes of a closed segment.
    /// - Parameters:
    ///   - logSize: the segment's bytes.
    ///   - endOffset: the offset after its last.
    ///   - sealed: what its seal says of them.
    /// - Returns: `nil` if a file is missing, too large, damaged, older or another segment's: the caller walks the segment.
    /// - Throws: only if the disk refuses to read.
    package static func load(
        _ disk: any Disk, folder: String, base: Offset, logSize: Int, endOffset: Offset,
        sealed: SegmentSeal.Indexes
    ) throws(DiskError) -> SegmentIndexes? {
        func contents(_ name: String, limit: Int) throws(DiskError) -> [UInt8]? {
            do throws(DiskError) {
                return try disk.contents(of: folder + "/" + name, limit: limit)
            } catch {
                if error.errno == DiskError.tooLarge { return nil }
                throw error
            }
        }
        let entries = logSize / OffsetIndex.interval + 2
        let markers = logSize / RecordBatchHeader.encodedSize
        let offsetsName = SegmentName.index(base)
        let timesName = SegmentName.timeIndex(base)
        let abortedName = SegmentName.abortedTransactions(base)
        guard let offsets = try contents(offsetsName, limit: entries * OffsetIndexEntry.encodedSize),
            let times = try contents(timesName, limit: entries * TimeIndexEntry.encodedSize)
        else { return nil }
        let aborted = try contents(abortedName, limit: markers * AbortedTransaction.encodedSize) ?? []
        guard
            Self.checksum(of: [(offsetsName, offsets), (timesName, times), (abortedName, aborted)]) == sealed.checksum
                || PlantedBug.indexUnchecked.isActive
        else { return nil }
        return SegmentIndexes(
            offsets: offsets, times: times, aborted: aborted, logSize: logSize, base: base, nextOffset: endOffset,
            hasProducers: sealed.hasProducers)
    }
}
