import RecordFormat

/// The leader epochs of a segment's batches, to find the one that has changed: it lies outside its batch's CRC, and only the
/// checksum of the whole segment shows that something did.
struct EpochRuns {
    struct Changed {
        let offsets: Range<Offset>
        /// Of the file.
        let byte: Int
        let found: Int32
        let right: Int32
    }

    /// Neighbouring batches with the same epoch.
    private struct Run {
        let epoch: Int32
        let position: Int
        let offsets: Range<Offset>
        var count = 1
    }

    /// Of `partitionLeaderEpoch` in a batch's header.
    private static let epochPosition = 12
    /// Each costs reading the segment once more.
    private static let mostCandidates = 16

    private var runs: [Run] = []

    mutating func note(_ good: BatchScanner.Good) {
        let epoch = good.header.partitionLeaderEpoch
        if runs.last?.epoch == epoch {
            runs[runs.count - 1].count += 1
        } else {
            runs.append(Run(epoch: epoch, position: good.position, offsets: good.header.baseOffset..<good.nextOffset))
        }
    }

    /// Takes note of these epochs, as appending did.
    func add(to epochs: inout LeaderEpochs) {
        for run in runs { epochs.note(run.epoch, at: run.offsets.lowerBound) }
    }

    /// The one batch of which all bytes fit their checksum, if it had the epoch of a neighbour.
    /// - Parameter checksum: of the file's first `size` bytes as they were written.
    func changed(in file: any DiskFile, size: Int, checksum: UInt32) throws(DiskError) -> Changed? {
        var tried = 0
        for (place, run) in runs.enumerated() where run.count == 1 && run.position < size {
            let neighbours = [
                place > 0 ? runs[place - 1].epoch : nil, place + 1 < runs.count ? runs[place + 1].epoch : nil,
            ]
            for right in Set(neighbours.compactMap { $0 }).sorted() {
                tried += 1
                if tried > Self.mostCandidates { return nil }
                let byte = run.position + Self.epochPosition
                if try Self.checksum(of: file, size: size, with: right, at: byte) == checksum {
                    return Changed(offsets: run.offsets, byte: byte, found: run.epoch, right: right)
                }
            }
        }
        return nil
    }

    private static func checksum(
        of file: any DiskFile, size: Int, with epoch: Int32, at place: Int
    ) throws(DiskError) -> UInt32 {
        let patch = withUnsafeBytes(of: epoch.bigEndian) { Array($0) }
        var position = 0
        var checksum: UInt32 = 0
        while position < size {
            // A piece ends before the patch and one behind it, so that none holds half of it.
            let end = [place, place + patch.count, size].first { $0 > position } ?? size
            var bytes = try file.bytes(at: position, count: min(1 << 20, end - position))
            if bytes.isEmpty { throw DiskError("read", file.path, errno: DiskError.endedEarly) }
            if position == place { bytes = patch }
            checksum = LogStore.checksum(of: bytes, continuing: checksum)
            position += bytes.count
        }
        return checksum
    }
}
