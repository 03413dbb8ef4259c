import RecordFormat
import Synchronization

/// Reads all segments of a compaction once, in order, and replaces those in which something has changed.
final class CompactionPass {
    /// A group that is being read.
    private struct Group: ~Copyable {
        var sources: [CompactionSource]
        var cleaned: CleanedSegment
        var walk: SourceWalk?
        /// Of the first source, to copy what is the same.
        let file: any DiskFile
        var isRead = false

        init(_ first: CompactionSource, in folder: String, on disk: any Disk) throws(DiskError) {
            let walk = try SourceWalk(first, on: disk)
            sources = [first]
            cleaned = CleanedSegment(first.segment.base, in: folder, on: disk)
            file = walk.file
            self.walk = walk
        }

        mutating func join(_ next: CompactionSource, on disk: any Disk) throws(DiskError) {
            sources.append(next)
            cleaned.join()
            walk = try SourceWalk(next, on: disk)
        }
    }

    private let partition: Partition
    private let disk: any Disk
    private let isLast: Bool
    private let segmentBytes: Int
    private var rest: ArraySlice<CompactionSource>
    private var group: Group?
    private var filter: BatchFilter
    /// The segments as they are now, where the pass has been.
    private(set) var results: [CompactionSource] = []
    /// A deletion has taken some of the segments: the pass has ended before its end.
    private(set) var isSuperseded = false

    var report: CompactionReport { filter.report }

    /// - Parameter isLast: all classes of keys are done with it: what it leaves is compacted.
    init(
        _ partition: Partition, on disk: any Disk, _ sources: [CompactionSource], segmentBytes: Int, isLast: Bool,
        _ filter: consuming BatchFilter
    ) {
        self.partition = partition
        self.disk = disk
        self.isLast = isLast
        self.filter = filter
        self.segmentBytes = segmentBytes
        rest = sources[...]
    }

    /// - Returns: whether it is over, and how many bytes were read and written.
    func step(_ keys: borrowing KeyOffsets, upTo most: Int) throws(LogStoreError) -> (isOver: Bool, bytes: Int) {
        do throws(LogStoreError) {
            if group == nil, try !begin() { return (true, 0) }
            if group?.isRead == false { return (false, try read(keys, upTo: most)) }
            let copied = try copy(upTo: most)
            if copied > 0 { return (false, copied) }
            try replace()
            return (isSuperseded, 0)
        } catch {
            removeCleaned()
            throw error
        }
    }

    // MARK: Reading

    private func read(_ keys: borrowing KeyOffsets, upTo most: Int) throws(LogStoreError) -> Int {
        var bytes = 0
        while bytes < most {
            if let good = try group?.walk?.next(in: partition) {
                bytes += 2 * good.size
                try take(good, keys)
            } else if try !join() {
                break
            }
        }
        return bytes
    }

    /// - Returns: false if there is nothing left.
    private func begin() throws(LogStoreError) -> Bool {
        guard let first = rest.popFirst() else { return false }
        do throws(DiskError) { group = try Group(first, in: partition.path, on: disk) } catch { throw failure(error) }
        return true
    }

    /// Goes on with the next source, if it joins the group.
    /// - Returns: false if the group is complete.
    private func join() throws(LogStoreError) -> Bool {
        guard let base = group?.sources.first?.segment.base, let end = group?.sources.last?.segment.nextOffset,
            let size = group?.cleaned.size
        else { return false }
        do throws(DiskError) {
            if let next = rest.first,
                CompactionPlan.joins(next.segment, base..<end, bytes: size, segmentBytes: segmentBytes)
            {
                rest.removeFirst()
                try group?.join(next, on: disk)
                return true
            }
            try group?.cleaned.finish()
        } catch {
            throw failure(error)
        }
        group?.isRead = true
        return false
    }

    private func take(_ good: BatchScanner.Good, _ keys: borrowing KeyOffsets) throws(LogStoreError) {
        let header = good.header
        let outcome = group?.walk?.withBytes(of: good) { bytes -> LogStoreError? in
            do throws(RecordFormatError) {
                let verdict = try self.filter.judge(header, bytes, keys)
                do throws(DiskError) { try self.group?.cleaned.take(verdict, header, bytes) } catch {
                    return self.failure(error)
                }
                return nil
            } catch {
                return LogStoreError(outOfMemory: error, self.partition)
            }
        }
        if let error = outcome ?? nil { throw error }
    }

    private func copy(upTo most: Int) throws(LogStoreError) -> Int {
        guard let file = group?.file else { return 0 }
        var bytes = 0
        do throws(DiskError) {
            while bytes < most, let copied = try group?.cleaned.copySame(from: file), copied > 0 { bytes += 2 * copied }
        } catch {
            throw failure(error)
        }
        return bytes
    }

    private func failure(_ error: DiskError) -> LogStoreError {
        LogStoreError("Cannot compact \(partition.topicPartition)", error)
    }

    // MARK: Replacing

    private func replace() throws(LogStoreError) {
        guard var done = group.take(), let first = done.sources.first, let last = done.sources.last else { return }
        let isCompacted = isLast || done.sources.allSatisfy(\.segment.isCompacted)
        do throws(DiskError) {
            if done.cleaned.isSame {
                try keep(first, isCompacted: isCompacted)
                return
            }
            if !PlantedBug.swapUnsynced.isActive { try done.cleaned.sync() }
            let end = done.cleaned.end
            precondition(
                end.nextOffset == last.segment.nextOffset,
                "\(partition.topicPartition) was compacted to \(end.nextOffset), not \(last.segment.nextOffset)")
            var times = first.segment.appendTimes
            for source in done.sources {
                let other = source.segment.appendTimes
                times = min(times.lowerBound, other.lowerBound)...max(times.upperBound, other.upperBound)
            }
            var seal = SegmentSeal(
                topicID: partition.topicID, partition: partition.topicPartition.partition, logChecksum: end.checksum,
                baseOffset: first.segment.base, nextOffset: end.nextOffset, logSize: Int64(end.size),
                smallestAppendTime: times.lowerBound, largestAppendTime: times.upperBound,
                indexes: done.cleaned.indexes.sealed(base: first.segment.base), fingerprint: end.fingerprint)
            seal.isCompacted = isCompacted
            if let result = try partition.replace(done.sources.map(\.found), seal, done.cleaned.indexes, on: disk) {
                results.append(result)
            } else {
                isSuperseded = true
            }
        } catch {
            throw failure(error)
        }
    }

    /// A segment that stays as it is.
    private func keep(_ source: CompactionSource, isCompacted: Bool) throws(DiskError) {
        if source.segment.isCompacted == isCompacted {
            results.append(source)
            return
        }
        var seal = source.seal
        seal.isCompacted = isCompacted
        let isThere = try partition.reseal(source.found, seal, on: disk)
        if !isThere {
            isSuperseded = true
            return
        }
        var segment = source.segment
        segment.isCompacted = isCompacted
        results.append(CompactionSource(segment: segment, seal: seal, found: source.found))
    }

    /// After an error: what was being written is of no use.
    private func removeCleaned() {
        guard let base = group?.sources.first?.segment.base else { return }
        do throws(DiskError) {
            try disk.remove(partition.path + "/" + SegmentName.cleanedLog(base))
        } catch {
            // The next compaction removes it, or the next start.
            if !error.isAbsent { partition.maintenance.withLock { $0.isInterrupted = true } }
        }
    }
}
