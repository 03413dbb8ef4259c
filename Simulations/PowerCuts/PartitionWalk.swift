import EdgeBrokerTesting
import Glibc
import LogStore
import RecordFormat

/// One look at a partition from an offset to its end, batch by batch, held against the ledger.
struct PartitionWalk {
    var ledger: PartitionLedger
    /// What is wrong.
    private(set) var violation: Violation?
    /// Records that nobody had been told of.
    private(set) var unknown = 0
    /// The batches of this life are of these leader epochs.
    private(set) var epochs: ClosedRange<Int32>?
    private(set) var highestEpoch: Int32 = -1

    private let factory: RecordFactory
    private let life: Int
    private let now: Duration
    /// The next offset to be met.
    private var next: Int
    private var place: Int
    /// Offsets without a record: only a compaction makes some.
    private var missing: [Int] = []

    init(_ ledger: PartitionLedger, from start: Int, _ plant: Plant) {
        self.ledger = ledger
        factory = plant.factory
        life = plant.life
        now = plant.clock.now
        next = start
        place = ledger.place(of: start)
    }

    mutating func meet(_ header: RecordBatchHeader, _ bytes: UnsafeRawBufferPointer) {
        if violation != nil { return }
        do throws(Violation) { try check(header, bytes) } catch { violation = error }
    }

    private mutating func check(_ header: RecordBatchHeader, _ bytes: UnsafeRawBufferPointer) throws(Violation) {
        let (base, end) = (Int(header.baseOffset.rawValue), Int(header.nextOffset.rawValue))
        try skip(to: base)
        if place == ledger.settled.count { try settle(base, bytes) }
        let batch = ledger.settled[place]
        guard batch.base == base else {
            throw Violation("\(ledger.name): a batch begins at \(base), and \(batch.base)..<\(batch.end) stood there")
        }
        if !Self.isSame(batch, bytes) { try checkRewritten(batch, header, bytes) }
        note(header.partitionLeaderEpoch, batch)
        place += 1
        next = end
    }

    /// Passes over batches that were emptied.
    private mutating func skip(to base: Int) throws(Violation) {
        while place < ledger.settled.count, ledger.settled[place].end <= base {
            try noteMissing(ledger.settled[place])
            place += 1
        }
    }

    private mutating func noteMissing(_ batch: PartitionLedger.Batch) throws(Violation) {
        guard ledger.keeping.isCompacted else {
            throw Violation("\(ledger.name): offsets \(batch.base) to \(batch.end) are missing")
        }
        missing += max(next, batch.base)..<batch.end
        next = batch.end
    }

    private mutating func settle(_ base: Int, _ bytes: UnsafeRawBufferPointer) throws(Violation) {
        if base != ledger.end {
            throw Violation("\(ledger.name): a batch at \(base), and offsets from \(ledger.end) on are missing")
        }
        guard let batch = ledger.staged[base]?.last(where: { Self.isSame($0, bytes) }) else {
            throw Violation("\(ledger.name): a batch at \(base) that nobody appended there")
        }
        if batch.life == life, ledger.refused.contains(batch.numbers.lowerBound) {
            throw Violation("\(ledger.name) offset \(base): an append was refused and can be read")
        }
        ledger.settle(batch)
        unknown += batch.numbers.count
    }

    /// Everything that the broker does not write itself.
    private static func isSame(_ batch: PartitionLedger.Batch, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == batch.bytes.count else { return false }
        return batch.bytes.withUnsafeBytes { appended in
            guard let one = appended.baseAddress, let other = bytes.baseAddress else { return false }
            return memcmp(one + brokersOwn, other + brokersOwn, bytes.count - brokersOwn) == 0
        }
    }

    /// Bytes at the start of a batch that the broker writes: offset, length, leader epoch.
    private static let brokersOwn = 16

    private mutating func checkRewritten(
        _ batch: PartitionLedger.Batch, _ header: RecordBatchHeader, _ bytes: UnsafeRawBufferPointer
    ) throws(Violation) {
        guard ledger.keeping.isCompacted, Int(header.nextOffset.rawValue) == batch.end else {
            throw Violation("\(ledger.name) offset \(batch.base): the batch is not what was appended")
        }
        var there: Set<Int> = []
        let records: [StoredRecord]
        do throws(RecordFormatError) { records = try decodeRecords(bytes) } catch {
            throw Violation("\(ledger.name): a batch was served that is not good: \(error)")
        }
        for stored in records {
            let offset = Int(stored.offset.rawValue)
            let number = batch.numbers.lowerBound + offset - batch.base
            guard batch.numbers.contains(number), stored.record == factory.record(number, isKeyed: true) else {
                throw Violation("\(ledger.name) offset \(offset): the record is not what was appended")
            }
            there.insert(offset)
        }
        missing += (batch.base..<batch.end).filter { !there.contains($0) }
    }

    private mutating func note(_ epoch: Int32, _ batch: PartitionLedger.Batch) {
        highestEpoch = max(highestEpoch, epoch)
        guard batch.life == life else { return }
        epochs = min(epoch, epochs?.lowerBound ?? epoch)...max(epoch, epochs?.upperBound ?? epoch)
    }

    // MARK: The end

    /// The partition ends at `end`.
    mutating func finish(at end: Int) throws(Violation) {
        if let violation { throw violation }
        while place < ledger.settled.count, ledger.settled[place].base < end {
            try noteMissing(ledger.settled[place])
            place += 1
        }
        if next < end { throw Violation("\(ledger.name): readable up to \(end), and \(next) cannot be read") }
        if !missing.isEmpty { try checkMissing() }
    }

    /// A record may go when a later one of its key is there, or when it says that the key is gone and its time is over.
    private func checkMissing() throws(Violation) {
        var last: [UInt8: Int] = [:]
        for batch in ledger.settled {
            for offset in batch.base..<batch.end {
                last[factory.key(batch.numbers.lowerBound + offset - batch.base)] = offset
            }
        }
        let missing = Set(missing)
        for offset in missing {
            guard let batch = ledger.batch(holding: offset) else { continue }
            let number = batch.numbers.lowerBound + offset - batch.base
            let key = factory.key(number)
            if let later = last[key], later > offset { continue }
            guard factory.isTombstone(number) else {
                throw Violation("\(ledger.name) offset \(offset): the last record of its key is gone")
            }
            if now - batch.appended < ledger.keeping.tombstones {
                throw Violation("\(ledger.name) offset \(offset): a tombstone is gone before its time")
            }
            for older in ledger.settled where older.base <= offset {
                for place in max(older.base, ledger.logStart)..<older.end
                where place < offset && !missing.contains(place)
                    && factory.key(older.numbers.lowerBound + place - older.base) == key
                {
                    throw Violation("\(ledger.name) offset \(place): its tombstone is gone and it is there again")
                }
            }
        }
    }
}
