import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

extension FuzzTarget {
    /// A whole `.log`, as a start finds it: verified, recovered, read, appended to, and once more.
    ///
    /// | bits of the first byte | meaning                                                                                 |
    /// |-----------------------:|:----------------------------------------------------------------------------------------|
    /// |                      0 | the file has the bytes as they are; what is known of it is of those whose CRCs fit      |
    /// |                      1 | each batch's base offset is left as it is                                               |
    /// |                    2–3 | what is known: nothing; that nothing is synced; a durable mark; a seal                  |
    /// |                    4–5 | of how many batches it tells: all, half, one, all but one                               |
    static let partition = FuzzTarget("partition", longest: 2048) {
        (0..<4).flatMap { known in
            (0..<4).map { part in
                Seed("known-\(known)-\(part)", choices: UInt8(known << 2 | part << 4), GoldenBatches.mixed)
            }
        } + [
            Seed("hole-unmarked", choices: 1, GoldenBatches.withHole),
            Seed("hole-above", choices: 5, GoldenBatches.withHole),
            Seed("hole-below", choices: 9, GoldenBatches.withHole),
            Seed("hole-sealed", choices: 13, GoldenBatches.withHole),
            Seed("torn", choices: 41, GoldenBatches.mixed.dropLast(9)),
        ]
    } laws: { input throws(BrokenLaw) in
        var sealed = input.bytes
        sealed.sealSegment(renumbering: !input.has(1))
        let file = input.has(0) ? input.bytes : sealed
        return try PartitionLaws(file, known: input.pick(PartitionLaws.Known.allCases, by: 2))
            .check(batches: try PartitionLaws.batches(of: sealed), part: input.choices >> 4 & 3)
    }
}

/// What holds of a partition with one segment.
struct PartitionLaws {
    enum Known: CaseIterable { case nothing, nothingSynced, mark, seal }

    private static let path = "/log"
    private static let name = TopicPartition(topic: "orders", partition: 0)
    private static let log = path + "/orders-0/" + SegmentName.log(.zero)
    private static let clock = SimulatedClock()

    let file: [UInt8]
    let known: Known

    init(_ file: [UInt8], known: Known) {
        self.file = file
        self.known = known
    }

    /// The good batches that a file begins with.
    static func batches(of bytes: [UInt8]) throws(BrokenLaw) -> [BatchScanner.Good] {
        try onDisk { () throws(DiskError) in
            var scanner = BatchScanner(
                MemoryFile(bytes, limit: bytes.count), from: 0, to: bytes.count, expecting: .zero, countsChecksum: false
            )
            var batches: [BatchScanner.Good] = []
            while case .good(let good) = try scanner.next() { batches.append(good) }
            return batches
        }
    }

    /// - Parameter batches: those that were appended.
    /// - Returns: whether the log has a record.
    func check(batches: [BatchScanner.Good], part: UInt8) throws(BrokenLaw) -> Bool {
        let count = [batches.count, batches.count / 2, min(1, batches.count), max(0, batches.count - 1)][Int(part)]
        let disk = try folder(known: Array(batches.prefix(count)))
        let verified = try verify(disk)
        let first = try start(disk)
        let read = try read(first.log, first.partition)
        let isClear = !hasStray(beside: batches)
        try demand(
            !isClear || read.batches == verified.batches,
            """
            Verifying finds batches at \(Self.offsets(verified.batches)), a start at \(Self.offsets(read.batches)) of \(read.end): \
            \(verified.result.report), \(first.log.recovery)
            """)
        if known == .mark || known == .seal {
            let synced = batches.prefix(count).last?.nextOffset ?? .zero
            try demand(read.end >= synced, "Offsets up to \(synced) were synced, and the log ends at \(read.end)")
        }
        if isClear { try checkCovered(read, verified) }
        try append(first.log, first.partition, at: read.end)
        first.log.close()
        try checkAgain(disk, read, isClear: isClear)
        return !read.batches.isEmpty
    }

    // MARK: The folder

    private static let template: SimulatedDisk = {
        let disk = SimulatedDisk(seed: 1)
        do throws(DiskError) {
            try disk.createDirectory(path)
            try disk.createDirectory(path + "/orders-0")
            try disk.put(MetaProperties(identity: goldenTopicID).encoded, at: path + "/" + MetaProperties.fileName)
            try disk.put(
                PartitionMetadata(topicID: goldenTopicID).encoded, at: path + "/orders-0/" + PartitionMetadata.fileName)
            for folder in ["/", path, path + "/orders-0"] { try disk.syncDirectory(folder) }
        } catch {
            preconditionFailure("A disk in memory has failed: \(error)")
        }
        return disk
    }()

    private func folder(known batches: [BatchScanner.Good]) throws(BrokenLaw) -> SimulatedDisk {
        let disk = Self.template.afterKill()
        try onDisk { () throws(DiskError) in
            try disk.put(file, at: Self.log)
            if known == .nothing { return }
            var marks = SyncedEndsFile.header(identity: goldenTopicID)
            if known != .nothingSynced {
                let mark = mark(of: batches).encoded
                for generation in 0...1 {
                    let place = SyncedEndsFile.slotPosition(0, generation: generation)
                    marks += [UInt8](repeating: 0, count: place - marks.count) + mark
                }
            }
            try disk.put(marks, at: Self.path + "/" + SyncedEndsFile.fileName)
            if known == .seal {
                try disk.put(seal(of: batches).encoded, at: Self.path + "/orders-0/" + SegmentName.seal(.zero))
            }
            try disk.syncDirectory(Self.path)
            try disk.syncDirectory(Self.path + "/orders-0")
        }
        return disk
    }

    private func mark(of batches: [BatchScanner.Good]) -> SyncedEnd {
        let size = batches.last.map { $0.position + $0.size } ?? 0
        return SyncedEnd(
            sequence: 1, topicID: goldenTopicID, partition: 0, logChecksum: 0, segmentBase: .zero,
            syncedLength: Int64(size), syncedOffset: batches.last?.nextOffset ?? .zero,
            lastAppendTime: Timestamp(millisecondsSince1970: GoldenBatches.start), fingerprint: fingerprint(of: batches)
        )
    }

    private func seal(of batches: [BatchScanner.Good]) -> SegmentSeal {
        let size = batches.last.map { $0.position + $0.size } ?? 0
        let time = Timestamp(millisecondsSince1970: GoldenBatches.start)
        return SegmentSeal(
            topicID: goldenTopicID, partition: 0, logChecksum: crc32c(file.prefix(size)), baseOffset: .zero,
            nextOffset: batches.last?.nextOffset ?? .zero, logSize: Int64(size), smallestAppendTime: time,
            largestAppendTime: time, fingerprint: fingerprint(of: batches))
    }

    private func fingerprint(of batches: [BatchScanner.Good]) -> SegmentFingerprint? {
        guard let first = batches.first else { return nil }
        var fingerprint = SegmentFingerprint(first.header)
        for batch in batches { fingerprint.note(batch.header) }
        return fingerprint
    }

    // MARK: Looking

    private struct Verified {
        /// Those with records.
        var batches: [[UInt8]]
        /// Of all of them.
        var offsets: [Range<Offset>]
        var result: LogVerification.Result
    }

    private struct Read: Equatable {
        var batches: [[UInt8]] = []
        var end: Offset = .zero
        var start: Offset = .zero
    }

    private func verify(_ disk: SimulatedDisk) throws(BrokenLaw) -> Verified {
        let found = Mutex<[[UInt8]]>([])
        let result = try onLog { () throws(LogStoreError) in
            try LogVerification.run(
                Self.path, disk: disk.afterKill(), visit: { _, batch in found.withLock { $0.append(Array(batch)) } })
        }
        let batches = found.withLock { $0 }
        return Verified(
            batches: batches.filter { $0.number(at: 57, Int32.self) > 0 },
            offsets: batches.map { batch in
                let base = Offset(batch.number(at: 0))
                return base..<base.advanced(by: Int64(batch.number(at: 23, Int32.self)) + 1)
            }, result: result)
    }

    private static func offsets(_ batches: [[UInt8]]) -> [Int64] { batches.map { $0.number(at: 0) } }

    private func start(_ disk: SimulatedDisk) throws(BrokenLaw) -> (log: LogDirectory, partition: Partition) {
        var configuration = LogDirectoryConfiguration(path: Self.path)
        configuration.recoveryThreads = 1
        let log = try onLog { () throws(LogStoreError) in
            try LogDirectory.open(configuration, disk: disk, clock: Self.clock.logClock, random: { 1 })
        }
        guard let partition = log.partition(Self.name) else {
            throw BrokenLaw(description: "The partition is not there after a start: \(log.recovery)")
        }
        log.followSyncedEnd(partition)
        return (log, partition)
    }

    private func read(_ log: LogDirectory, _ partition: Partition) throws(BrokenLaw) -> Read {
        var read = Read(end: partition.syncedEnd, start: partition.logStart)
        var next = read.start
        // A step serves a batch, or passes over damage, and each of them has a byte.
        for _ in 0...(2 * file.count + 2) {
            if next >= read.end { return read }
            let before = next
            do throws(LogStoreError) {
                let some = try log.read(partition, from: next, upTo: read.end, maxBytes: 1 << 20)
                read.batches += some.batches
                next = some.nextOffset
            } catch {
                try demand(error.code == .corrupt, "Reading \(next) ends with: \(error)")
                next = error.nextReadable ?? read.end
            }
            try demand(next > before, "Reading at \(before) goes on at \(next)")
        }
        throw BrokenLaw(description: "Reading up to \(read.end) does not end")
    }

    // MARK: The laws

    /// Whether a sound batch lies where none was appended, as within another's value, or several say other offsets than they were
    /// appended with and so may bear each other out. Once what is around them is damaged, they cannot be told from those of the
    /// log, and who finds them depends on where they come from.
    private func hasStray(beside batches: [BatchScanner.Good]) -> Bool {
        let moved = batches.count { file.number(at: $0.position, Int64.self) != $0.header.baseOffset.rawValue }
        if moved > 1 { return true }
        let known = Set(batches.map(\.position))
        return file.withUnsafeBytes { bytes in
            (0..<max(0, bytes.count - RecordBatchHeader.encodedSize + 1)).contains { place in
                bytes[place + 16] == RecordBatchHeader.magic && !known.contains(place)
                    && RecordBatchHeader(soundAtStartOf: UnsafeRawBufferPointer(rebasing: bytes[place...])) != nil
            }
        }
    }

    /// Every offset of the log is served, or was emptied, or is reported.
    private func checkCovered(_ read: Read, _ verified: Verified) throws(BrokenLaw) {
        var ranges = verified.result.damages.map(\.offsets)
        ranges += verified.offsets
        var next = read.start
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.lowerBound <= next {
            next = max(next, range.upperBound)
        }
        try demand(
            next >= read.end,
            "Offset \(next) is neither served nor reported, and the log ends at \(read.end): \(verified.result.report)")
    }

    private func append(_ log: LogDirectory, _ partition: Partition, at end: Offset) throws(BrokenLaw) {
        let outcome = Mutex<Result<[Range<Offset>], LogStoreError>?>(nil)
        let staged = try onLog { () throws(LogStoreError) in
            try log.stage(
                Append([Append.Batch(GoldenBatches.plain, to: partition)]) { result in outcome.withLock { $0 = result }
                })
        }
        log.runCommitRound()
        try demand(staged == [end..<end.advanced(by: 4)], "The log ends at \(end), and an append gets \(staged)")
        guard case .success = outcome.withLock({ $0 }) else {
            throw BrokenLaw(description: "The append fails: \(String(describing: outcome.withLock { $0 }))")
        }
    }

    /// The next start finds what the first one left, and what was appended then.
    private func checkAgain(_ disk: SimulatedDisk, _ before: Read, isClear: Bool) throws(BrokenLaw) {
        let next = disk.afterKill()
        let verified = try verify(next)
        try demand(verified.result.tornTails.isEmpty, "The log was closed and has \(verified.result.tornTails)")
        let second = try start(next)
        let read = try read(second.log, second.partition)
        second.log.close()
        try demand(read.end == before.end.advanced(by: 4), "The log ended behind \(before.end), and now at \(read.end)")
        try demand(
            !isClear || read.batches.last?.suffix(40) == GoldenBatches.plain.suffix(40),
            """
            What was appended is not served: batches at \(Self.offsets(read.batches)) of \(read.end), before at \
            \(Self.offsets(before.batches)) of \(before.end): \(second.log.recovery)
            """)
        if !isClear { return }
        try demand(read.batches.dropLast() == before.batches[...], "The second start serves other batches")
        try demand(read.batches == verified.batches, "Verifying finds other batches than the second start")
    }
}
