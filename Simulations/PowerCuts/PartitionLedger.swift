import LogStore
import RecordFormat

/// What may and what must be in one partition.
///
/// Everything acknowledged and everything that a reader has seen must stay, at its offset, until it is deleted. What was appended and
/// never answered may turn up later, as a whole batch, at the offset it was given.
struct PartitionLedger {
    /// A batch as it was appended.
    struct Batch {
        let base: Int
        /// Of its records, which are numbered one after the other.
        let numbers: Range<Int>
        let bytes: [UInt8]
        /// By the clock that never goes back.
        let appended: Duration
        /// The plant's life in which it was.
        let life: Int

        var end: Int { base + numbers.count }
    }

    let name: TopicPartition
    let keeping: Keeping
    /// Without a gap up to ``end``; the oldest ones are forgotten once they are deleted.
    private(set) var settled: [Batch] = []
    private(set) var end = 0
    /// Batches that were given an offset, by that offset.
    private(set) var staged: [Int: [Batch]] = [:]
    /// The log begins here, by an answer or by what a reader saw.
    private(set) var logStart = 0
    /// The log may begin here: somebody has asked for it.
    var requestedStart = 0
    /// What is below survives a power cut.
    private var syncedEnd = 0
    private var mayLose = false
    /// The first numbers of batches that were refused.
    private(set) var refused: Set<Int> = []
    var epochs = EpochLedger()

    init(_ name: TopicPartition, _ keeping: Keeping) {
        self.name = name
        self.keeping = keeping
    }

    /// What must be there.
    var certainEnd: Int { mayLose ? min(syncedEnd, end) : end }

    mutating func noteSynced(to offset: Int) { syncedEnd = offset }

    /// What was not synced need not come back.
    mutating func losePower() { mayLose = keeping.isBuffered }

    /// What is there now stays.
    mutating func noteRecovered() {
        mayLose = false
        syncedEnd = end
    }

    // MARK: Appending

    mutating func stage(_ batch: Batch) { staged[batch.base, default: []].append(batch) }

    /// A batch is at `base`, because somebody was told so.
    /// - Returns: whether it was not known to be there.
    @discardableResult
    mutating func settle(_ numbers: Range<Int>, at base: Int, _ witness: String) throws(Violation) -> Bool {
        if base < end {
            guard let batch = batch(holding: base) else { return false }
            if batch.base == base, batch.numbers == numbers { return false }
            throw Violation("\(name) offset \(base): \(witness) records \(numbers), but \(batch.numbers) stood there")
        }
        if base > end {
            throw Violation("\(name): \(witness) a batch at \(base), and offsets from \(end) on are missing")
        }
        guard let batch = staged[base]?.last(where: { $0.numbers == numbers }) else {
            throw Violation("\(name) offset \(base): \(witness) records \(numbers), which nobody appended there")
        }
        settle(batch)
        return true
    }

    /// The batch stands at the end.
    mutating func settle(_ batch: Batch) {
        precondition(batch.base == end, "Batch \(batch.base) is settled at \(end)")
        settled.append(batch)
        end = batch.end
    }

    /// A batch was refused. It may be in the log, but not before a restart.
    mutating func refuse(_ numbers: Range<Int>, at base: Int) throws(Violation) {
        refused.insert(numbers.lowerBound)
        if base < end, batch(holding: base)?.numbers == numbers {
            throw Violation("\(name) offset \(base): an append was refused and can be read")
        }
    }

    /// A power cut has taken what was buffered.
    mutating func forget(from offset: Int) {
        settled.removeAll { $0.base >= offset }
        end = offset
        syncedEnd = min(syncedEnd, offset)
    }

    // MARK: Looking

    /// The place in ``settled`` of the batch that holds `offset`, or of the first behind it.
    func place(of offset: Int) -> Int {
        var (low, high) = (0, settled.count)
        while low < high {
            let middle = (low + high) / 2
            if settled[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func batch(holding offset: Int) -> Batch? {
        let place = place(of: offset)
        return place < settled.count && settled[place].base <= offset ? settled[place] : nil
    }

    /// The number of the record that stands at `offset`.
    func number(at offset: Int) -> Int? {
        batch(holding: offset).map { $0.numbers.lowerBound + offset - $0.base }
    }

    // MARK: Deleting

    /// The log begins at `start` now.
    /// - Parameter gaps: what is written down as dropped.
    mutating func begin(at start: Int, now: Duration, gaps: [Range<Int>]) throws(Violation) {
        if start < logStart { throw Violation("\(name): the log began at \(logStart) and now at \(start)") }
        if start > max(end, certainEnd) { throw Violation("\(name): the log begins at \(start) and ended at \(end)") }
        if start > logStart, start > requestedStart {
            // Behind the batch that is looked at.
            var bytesLeft =
                settled.reduce(0) { $0 + $1.bytes.count }
                + staged.values.joined().reduce(0) { $0 + ($1.base >= end ? $1.bytes.count : 0) }
            for batch in settled where batch.base < start {
                bytesLeft -= batch.bytes.count
                if batch.end <= max(logStart, requestedStart) { continue }
                if keeping.mayGo(batch, now: now, bytesLeft: bytesLeft) { continue }
                let missing = (max(batch.base, logStart)..<min(batch.end, start)).first { offset in
                    !gaps.contains { $0.contains(offset) }
                }
                if let missing {
                    throw Violation(
                        "\(name) offset \(missing) is gone: nobody deleted it, it was too young and no gap names it")
                }
            }
        }
        logStart = start
        settled.removeAll { $0.end <= start }
    }
}
