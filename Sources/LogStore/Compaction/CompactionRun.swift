package import RecordFormat
import Synchronization

/// One compaction of one partition, in steps that are bounded, so that whoever runs it can pause and appends keep their latency.
///
/// It reads closed segments only, writes beside them, and replaces them group by group, oldest first; it takes no lock that a
/// commit waits for, unless a deletion waits for it. Dropped half way, it leaves a sound log that is partly compacted.
///
/// 1. The survey reads what producers with an id wrote (``CompactionSurvey``).
/// 2. The dirty segments are read for each key's last offset, as far as the map holds them: one ``KeyClass`` of all keys.
/// 3. All segments are read from the oldest on and filtered (``BatchFilter``); what has changed is replaced.
/// 4. If there are further classes, it goes on with 2.
package final class CompactionRun {
    package enum Step: Sendable, Equatable {
        /// There is more to do; that many bytes were read and written.
        case working(bytes: Int)
        case finished(CompactionReport)
    }

    private enum Phase {
        case survey(Int)
        case lookAhead([FoundSegment])
        case map(Int)
        case filter
        case done
    }

    /// Bytes of a step, about.
    static let stepBytes = 1 << 20

    package let partition: Partition
    private let log: LogDirectory
    private let policy: CompactionPolicy
    private let now: Timestamp
    private let limit: Offset
    private let secret: KeyDigest.Secret
    private let dirtyBase: Offset
    private var sources: [CompactionSource]
    private var phase: Phase
    private var walk: SourceWalk?
    private var survey: CompactionSurvey
    private var keys: KeyOffsets
    private var decoder = RecordDecoder()
    private var pass: CompactionPass?
    private var report = CompactionReport()
    private var traffic = 0

    /// - Parameters:
    ///   - now: by ``AppendClock``.
    ///   - limit: nothing at or above it is touched, nor above the last stable offset.
    ///   - random: for a secret.
    /// - Returns: `nil` if the partition is not due, or is being compacted.
    /// - Throws: `.storage` if a seal cannot be read; why the partition takes no appends, if it has failed.
    package init?(
        _ partition: Partition, of log: LogDirectory, _ policy: CompactionPolicy, at now: Timestamp,
        below limit: Offset, random: () -> UInt64
    ) throws(LogStoreError) {
        let found: [CompactionSource]
        do throws(DiskError) {
            if partition.maintenance.withLock(\.isCompacting) { return nil }
            try partition.finishReplacements(on: log.disk)
            found = try partition.compactionSources(on: log.disk)
        } catch {
            throw LogStoreError("Cannot compact \(partition.topicPartition)", error)
        }
        var limit = min(limit, log.highWatermark(of: partition), partition.syncedEnd)
        if CompactionPlan(found.map(\.segment), policy, at: now, below: limit) == nil { return nil }
        // Asked only now, because for the answer the newest segment may have to be read.
        limit = min(limit, try log.findStableOffset(of: partition))
        guard let plan = CompactionPlan(found.map(\.segment), policy, at: now, below: limit),
            let dirtyBase = plan.dirty.first?.base
        else { return nil }
        self.partition = partition
        self.log = log
        self.policy = policy
        self.now = now
        self.limit = limit
        self.dirtyBase = dirtyBase
        secret = KeyDigest.Secret(random)
        sources = Array(found.prefix(plan.segments.count))
        phase = .survey(0)
        survey = CompactionSurvey(dirtyBase: dirtyBase)
        keys = KeyOffsets(
            .all, bytes: policy.mapBytes,
            records: plan.dirty.reduce(0) { $0 + $1.nextOffset.rawValue - $1.base.rawValue })
        report.bytesBefore = sources.reduce(0) { $0 + $1.segment.bytes }
        report.segmentsBefore = sources.count
        report.bytesAfter = report.bytesBefore
        report.segmentsAfter = report.segmentsBefore
        partition.maintenance.withLock { $0.isCompacting = true }
    }

    deinit {
        let isOver = if case .done = phase { true } else { false }
        partition.maintenance.withLock { maintenance in
            maintenance.isCompacting = false
            // Half a file is left.
            if !isOver { maintenance.isInterrupted = true }
        }
    }

    /// Does some more.
    /// - Throws: `.corrupt` if a segment is damaged; `.storage`, `.noSpace`. The log is sound then, and partly compacted; this run
    ///   is over, and another begins anew.
    package func step() throws(LogStoreError) -> Step {
        traffic = 0
        do throws(LogStoreError) {
            switch phase {
            case .survey(let place): try survey(place)
            case .lookAhead(let ahead): try lookAhead(ahead)
            case .map(let place): try map(place)
            case .filter: try filter()
            case .done: break
            }
        } catch {
            phase = .done
            throw error
        }
        report.traffic += traffic
        if case .done = phase { return .finished(report) }
        return .working(bytes: traffic)
    }

    // MARK: Survey

    private func survey(_ place: Int) throws(LogStoreError) {
        guard place < sources.count else {
            phase = .lookAhead(ahead())
            return
        }
        let source = sources[place]
        if source.mayHaveProducers {
            let appendTime = source.segment.appendTimes.upperBound
            let isOver = try forEachBatch(of: source) { header, bytes in
                self.survey.note(header, bytes, at: appendTime)
                return nil
            }
            if !isOver { return }
        } else if source.segment.base >= dirtyBase {
            survey.skip(to: source.segment.nextOffset)
        }
        phase = .survey(place + 1)
    }

    private var end: Offset { sources.last?.segment.nextOffset ?? dirtyBase }

    private func ahead() -> [FoundSegment] {
        let end = end
        return partition.segments.withLock { segments in segments.filter { $0.base >= end }.map(FoundSegment.init) }
    }

    /// Reads on, behind the segments that are compacted, until their transactions are decided.
    private func lookAhead(_ ahead: [FoundSegment]) throws(LogStoreError) {
        let end = end
        if survey.decidedEnd(below: end) < end, let next = ahead.first, next.base < limit {
            do throws(DiskError) {
                try follow(next)
            } catch {
                throw LogStoreError("Cannot compact \(partition.topicPartition)", error)
            }
            phase = .lookAhead(Array(ahead.dropFirst()))
            return
        }
        let decided = survey.decidedEnd(below: end)
        sources = Array(sources.prefix { $0.segment.nextOffset <= decided })
        if sources.last.map({ $0.segment.base < dirtyBase }) ?? true {
            phase = .done
            return
        }
        beginMap(.all)
    }

    private func follow(_ segment: FoundSegment) throws(DiskError) {
        let file: any DiskFile
        if let active = segment.file { file = active } else { file = try log.disk.open(segment.path, .read) }
        var scanner = BatchScanner(
            file, from: 0, to: segment.size, expecting: segment.base, countsChecksum: false)
        let appendTime = segment.appendTimes?.upperBound ?? now
        // Behind damage nothing is known: what is open there stays open.
        while case .good(let good) = try scanner.next(), good.nextOffset <= limit {
            scanner.withBytes(of: good) { survey.follow(good.header, $0, at: appendTime) }
        }
        traffic += scanner.position
    }

    // MARK: Map

    private func beginMap(_ keyClass: KeyClass) {
        keys.begin(keyClass)
        walk = nil
        phase = .map(sources.firstIndex { $0.segment.nextOffset > dirtyBase } ?? 0)
    }

    private func map(_ place: Int) throws(LogStoreError) {
        guard place < sources.count else {
            beginFilter()
            return
        }
        var isFull = false
        let isOver = try forEachBatch(of: sources[place]) { header, bytes in
            do throws(RecordFormatError) { isFull = try !self.note(header, bytes) } catch {
                // Whoever reads it cannot decode it either: it replaces nothing.
                if error.code == .outOfMemory { return LogStoreError(outOfMemory: error, self.partition) }
            }
            return nil
        } until: {
            isFull
        }
        if isFull {
            beginMap(keys.keyClass.half)
        } else if isOver {
            phase = .map(place + 1)
        }
    }

    /// Notes the last offsets of a batch's keys, all of them or, if a record does not decode, none.
    /// - Returns: false if there is no room.
    private func note(
        _ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer
    ) throws(RecordFormatError) -> Bool {
        if header.recordCount == 0 || header.attributes.isControl || survey.aborted.contains(header) { return true }
        let (keyClass, secret) = (keys.keyClass, secret)
        let found = try decoder.withRecords(of: wholeBatch) { cursor throws(RecordFormatError) in
            var found: [(digest: KeyDigest, offset: Offset)] = []
            while let record = try cursor.next() {
                guard let key = record.key else { continue }
                let digest = KeyDigest(key, secret)
                if keyClass.contains(digest) { found.append((digest, record.offset)) }
            }
            return found
        }
        for one in found where !keys.note(one.digest, at: one.offset) { return false }
        return true
    }

    // MARK: Filter

    private func beginFilter() {
        pass = CompactionPass(
            partition, on: log.disk, sources, segmentBytes: policy.segmentBytes, isLast: keys.keyClass.next == nil,
            BatchFilter(
                aborted: survey.aborted,
                lastOfProducer: survey.lastBatches.kept(at: now, expiry: policy.producerExpiry), secret: secret,
                now: now, deleteRetention: policy.deleteRetention))
        report.passes += 1
        phase = .filter
    }

    private func filter() throws(LogStoreError) {
        guard let pass else { preconditionFailure("A compaction filters without a pass") }
        let (isOver, bytes) = try pass.step(keys, upTo: Self.stepBytes)
        traffic += bytes
        if !isOver { return }
        report.add(pass.report, isLast: keys.keyClass.next == nil)
        sources = pass.results
        self.pass = nil
        if let next = keys.keyClass.next, !pass.isSuperseded {
            beginMap(next)
            return
        }
        report.bytesAfter = sources.reduce(0) { $0 + $1.segment.bytes }
        report.segmentsAfter = sources.count
        phase = .done
    }

    // MARK: Reading

    /// Calls `body` with batches of a source, from where the last step ended on, until the step is over.
    /// - Returns: whether the source is at its end.
    private func forEachBatch(
        of source: CompactionSource,
        _ body: (RecordBatchHeader, UnsafeRawBufferPointer) -> LogStoreError?, until isEnough: () -> Bool = { false }
    ) throws(LogStoreError) -> Bool {
        if walk == nil {
            do throws(DiskError) { walk = try SourceWalk(source, on: log.disk) } catch {
                throw LogStoreError("Cannot compact \(partition.topicPartition)", error)
            }
        }
        while traffic < Self.stepBytes, !isEnough() {
            guard let good = try walk?.next(in: partition) else {
                walk = nil
                return true
            }
            traffic += good.size
            if let error = walk?.withBytes(of: good, { body(good.header, $0) }) ?? nil { throw error }
        }
        return false
    }
}

extension LogStoreError {
    init(outOfMemory error: RecordFormatError, _ partition: Partition) {
        self.init(
            .storage, "Cannot compact \(partition.topicPartition): \(error.message)",
            remedy: "Give the process more memory; nothing was changed.")
    }
}

extension CompactionReport {
    fileprivate mutating func add(_ other: CompactionReport, isLast: Bool) {
        superseded += other.superseded
        tombstones += other.tombstones
        abortedBatches += other.abortedBatches
        markers += other.markers
        if !isLast { return }
        // Each pass meets them again.
        keyless = other.keyless
        undecodable = other.undecodable
    }
}
