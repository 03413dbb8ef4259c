import EdgeBrokerTesting
import LogStore
import RecordFormat

extension FuzzTarget {
    /// `synced-ends`: 32 bytes of header, then marks of 128 bytes, which go to the first slot's two generations, the second's
    /// and so on. The zeros in between are not worth a fuzzer's time.
    ///
    /// | bits of the first byte | meaning                                       |
    /// |-----------------------:|:----------------------------------------------|
    /// |                      0 | each mark's checksum is left as it is         |
    /// |                      1 | the header is the input's, not a good one     |
    static let syncedEnds = FuzzTarget("synced-ends", longest: 32 + 6 * 128) {
        let marks = (0..<4).flatMap { number in
            SyncedEnd(
                sequence: UInt64(3 + number), topicID: goldenTopicID, partition: Int32(number / 2), logChecksum: 17,
                segmentBase: Offset(16), syncedLength: 0x2000, syncedOffset: Offset(48),
                lastAppendTime: Timestamp(millisecondsSince1970: 64), leaderEpoch: 5, logStart: Offset(7),
                firstAppendTime: Timestamp(millisecondsSince1970: 65),
                fingerprint: SegmentFingerprint(firstBatch: 1, lastBatch: 2, lastSize: 3)
            ).encoded
        }
        let header = Array(SyncedEndsFile.header(identity: goldenTopicID).prefix(32))
        return [
            Seed("two-partitions", header + marks), Seed("as-it-is", choices: 3, header + marks),
            Seed("cut", header + marks.dropLast(20)), Seed("no-mark", header),
        ]
    } laws: { input throws(BrokenLaw) in
        try SyncedEndsLaws(input).check()
    }
}

/// What holds of the file of the marks.
private struct SyncedEndsLaws {
    private static let folder = "/log"
    private static let path = folder + "/" + SyncedEndsFile.fileName
    private static let headerSize = 32

    /// Every mark that is a good one.
    private let good: [SyncedEnd]
    /// Of each slot, the generation that counts.
    private let newest: [SyncedEnd]
    private let file: [UInt8]

    init(_ input: Input) {
        var file = SyncedEndsFile.header(identity: goldenTopicID)
        if input.has(1) {
            for (place, byte) in input.bytes.prefix(Self.headerSize).enumerated() { file[place] = byte }
        }
        var good: [SyncedEnd] = []
        var newest: [Int: SyncedEnd] = [:]
        let slots = input.bytes.dropFirst(Self.headerSize)
        for (place, start) in stride(from: slots.startIndex, to: slots.endIndex, by: SyncedEnd.encodedSize).enumerated()
        {
            var slot = Array(slots[start...].prefix(SyncedEnd.encodedSize))
            // The last one may be cut, as the end of a file cuts it.
            var whole = slot + [UInt8](repeating: 0, count: SyncedEnd.encodedSize - slot.count)
            if !input.has(0) {
                whole.put(crc32c(whole[4...]), at: 0)
                slot = Array(whole.prefix(slot.count))
                whole = slot + [UInt8](repeating: 0, count: SyncedEnd.encodedSize - slot.count)
            }
            let at = SyncedEndsFile.slotPosition(place / 2, generation: place % 2)
            if file.count < at + slot.count { file += [UInt8](repeating: 0, count: at + slot.count - file.count) }
            file.replaceSubrange(at..<(at + slot.count), with: slot)
            if let mark = SyncedEnd(decoding: whole[...]) {
                good.append(mark)
                if mark.sequence > newest[place / 2]?.sequence ?? 0 { newest[place / 2] = mark }
            }
        }
        self.good = good
        self.newest = Array(newest.values)
        self.file = file
    }

    /// - Returns: whether there is a mark.
    func check() throws(BrokenLaw) -> Bool {
        for mark in good {
            try demandRoundTrip(mark, encoded: mark.encoded) { SyncedEnd(decoding: $0[...]) }
            try demand(
                mark.segmentBase >= .zero && mark.syncedOffset >= mark.segmentBase && mark.logStart <= mark.syncedOffset
                    && mark.syncedLength >= 0, "\(mark) has its bounds the wrong way round")
        }
        let disk = SimulatedDisk(seed: 1)
        try onDisk { () throws(DiskError) in
            try disk.createDirectory(Self.folder)
            try disk.put(file, at: Self.path)
        }
        guard let opened = try open(disk) else { return false }
        let marks = opened.sortedMarks
        for mark in marks { try demand(good.contains(mark), "\(mark) is in no slot") }
        for mark in newest {
            let found = opened.mark(topicID: mark.topicID, partition: mark.partition)
            try demand(
                found.map { $0.sequence >= mark.sequence } == true, "\(mark) is newer than \(String(describing: found))"
            )
        }
        try onDisk { () throws(DiskError) in try opened.rewrite() }
        try demand(try open(disk)?.sortedMarks == marks, "Written anew, the file has other marks")
        // A slot that was written 2^64 - 2 times has no next sequence, and no disk lives that long.
        guard var first = marks.first(where: { $0.sequence < .max - 1 }) else { return false }
        first.logChecksum ^= 1
        try onDisk { () throws(DiskError) in
            try opened.stage(first)
            try opened.sync()
        }
        let newest = try open(disk)
        try demand(
            newest?.mark(topicID: first.topicID, partition: first.partition)?.logChecksum == first.logChecksum
                && newest?.sortedMarks.count == marks.count, "A mark that was written is not the one that is read")
        return true
    }

    private func open(_ disk: SimulatedDisk) throws(BrokenLaw) -> SyncedEndsFile? {
        try onDisk { () throws(DiskError) in
            try SyncedEndsFile(on: disk, in: Self.folder, identity: goldenTopicID)
        }
    }
}

extension SyncedEndsFile {
    fileprivate var sortedMarks: [SyncedEnd] {
        marks.sorted { ($0.topicID.description, $0.partition) < ($1.topicID.description, $1.partition) }
    }
}
