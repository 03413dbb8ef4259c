import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// Bytes change on the medium after a clean stop. What is hit must be reported and never served; the rest must be served.
struct RotCheck {
    let plant: Plant

    /// A batch of the file that was hit, as it was before.
    private struct Hit {
        let partition: TopicPartition
        /// Offsets that may be gone.
        var offsets: Set<Int> = []
    }

    func run(on clean: SimulatedDisk, totals: inout Totals) throws(Violation) {
        defer { totals += plant.totals }
        let disk = clean.afterKill()
        let suffix = plant.generator.element(of: [".log", ".log", ".log", ".log", ".index", ".seal", "synced-ends"])
        let folder = plant.generator.chance(150) ? "/__transactions" : "/__"
        let isIndex = folder != "/__"
        guard let rot = disk.rot(in: { $0.hasSuffix(suffix) && $0.contains(folder) == isIndex }) else { return }
        plant.totals[.rotted] += 1
        var hit = suffix == ".log" ? try hit(rot, clean, disk) : nil
        if let whole = hit {
            // What is deleted may be as it likes.
            hit?.offsets = whole.offsets.filter { $0 >= logStart(of: whole.partition) }
            if hit?.offsets.isEmpty == true { return }
        }
        try checkReported(rot, hit, disk)
        guard let broker = try plant.open(on: disk) else { throw Violation("a disk without faults lost power") }
        let life = Life(plant: plant, broker: broker, disk: disk)
        for ledger in plant.partitions { try check(ledger, hit, rot, life) }
        let isWhole = try hit?.partition == Life.indexName ? checkSource(life) : true
        for ledger in plant.source.topics { try check(ledger, hit, rot, life, isWhole: isWhole) }
        broker.directory.close()
    }

    private func logStart(of name: TopicPartition) -> Int {
        if name == Life.indexName { return plant.source.logStart }
        return plant.place(of: name).map { plant.partitions[$0].logStart } ?? 0
    }

    /// A source with a damaged index does not go on: rows that a lost record covers look like rows of no transaction, and must
    /// not be cut. They may be out of sight, but they stay.
    /// - Returns: whether the damage is of a kind that loses nothing.
    private func checkSource(_ life: Life) throws(Violation) -> Bool {
        let state: SourceState
        do throws(BrokerError) {
            state = try life.broker.sourceNow(slot: Plant.slot).beginNow()
        } catch {
            if error.code != .corrupt { throw Violation("a damaged index: \(error)") }
            plant.totals[.sourcesStopped] += 1
            return false
        }
        if state != plant.source.state {
            throw Violation("a damaged index gives \(state), it said \(plant.source.state)")
        }
        return true
    }

    /// Which offsets the damaged bytes belong to.
    private func hit(
        _ rot: SimulatedDisk.Rot, _ clean: SimulatedDisk, _ disk: SimulatedDisk
    ) throws(Violation) -> Hit {
        let parts = rot.path.split(separator: "/")
        guard parts.count >= 2, let dash = parts[parts.count - 2].lastIndex(of: "-"),
            let number = Int32(parts[parts.count - 2][parts[parts.count - 2].index(after: dash)...])
        else { throw Violation("\(rot.path) is in no partition's folder") }
        let topic = String(parts[parts.count - 2][..<dash])
        var hit = Hit(partition: TopicPartition(topic: topic, partition: number))
        let bytes = clean.bytes(of: rot.path) ?? []
        let rotten = disk.bytes(of: rot.path) ?? []
        var position = 0
        while position < bytes.count {
            let header: RecordBatchHeader
            do throws(RecordFormatError) {
                header = try bytes.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                    try RecordBatchHeader(decoding: UnsafeRawBufferPointer(rebasing: bytes[position...]))
                }
            } catch {
                throw Violation("\(rot.path) byte \(position) is no batch after a clean stop: \(error)")
            }
            let batch = position..<(position + header.totalSize)
            // A sector that was cleared may have been clear where it meets the next batch.
            if bytes[batch] != rotten[batch] {
                hit.offsets.formUnion(Int(header.baseOffset.rawValue)...Int(header.lastOffset.rawValue))
            }
            position = batch.upperBound
        }
        return hit
    }

    /// `log verify` names the file and an offset of every batch that was hit.
    private func checkReported(_ rot: SimulatedDisk.Rot, _ hit: Hit?, _ disk: SimulatedDisk) throws(Violation) {
        let result: LogVerification.Result
        do throws(LogStoreError) {
            result = try LogVerification.run(Plant.directory, disk: disk.afterKill())
        } catch {
            throw Violation("verify cannot read a log with rot in \(rot.path): \(error)")
        }
        guard let hit else {
            if let damage = result.damages.first {
                throw Violation("rot in \(rot.path) harms no record, but verify says: \(damage.description)")
            }
            return
        }
        let reported = result.damages.filter { $0.file == rot.path }
        if let other = result.damages.first(where: { $0.file != rot.path }) {
            throw Violation("rot in \(rot.path), and verify says: \(other.description)")
        }
        for offset in hit.offsets.sorted()
        where !reported.contains(where: { $0.offsets.contains(Offset(Int64(offset))) }) {
            throw Violation(
                "rot in \(rot.path) at bytes \(rot.bytes): verify does not name offset \(offset), but \(reported.map(\.description))"
            )
        }
        plant.totals[.rotReported] += 1
    }

    /// Every record is served as it was, or refused if it was hit.
    private func check(
        _ ledger: PartitionLedger, _ hit: Hit?, _ rot: SimulatedDisk.Rot, _ life: Life, isWhole: Bool = true
    ) throws(Violation) {
        guard let partition = life.directory.partition(ledger.name) else {
            throw Violation("\(ledger.name) is gone after rot in \(rot.path)")
        }
        let lost = hit?.partition == ledger.name ? hit?.offsets ?? [] : []
        let end = isWhole ? life.directory.highWatermark(of: partition) : partition.syncedEnd
        if Int(end.rawValue) < ledger.end {
            throw Violation(
                "\(ledger.name): after rot in \(rot.path) at \(rot.bytes) it ends at \(end), before at \(ledger.end)"
            )
        }
        var next = ledger.logStart
        while next < ledger.end {
            let read: ReadBatches
            do throws(LogStoreError) {
                read = try life.directory.read(partition, from: Offset(Int64(next)), upTo: end, maxBytes: 4096)
            } catch {
                let good = min(
                    error.nextReadable.map { Int($0.rawValue) } ?? ledger.end, ledger.end)
                guard error.code == .corrupt, good > next else {
                    throw Violation("\(ledger.name) offset \(next) after rot in \(rot.path): \(error)")
                }
                if let innocent = (next..<good).first(where: { !lost.contains($0) }) {
                    throw Violation(
                        "\(ledger.name) offset \(innocent) is refused; rot in \(rot.path) hit \(lost.sorted()): \(error)"
                    )
                }
                next = good
                continue
            }
            if read.batches.isEmpty, !ledger.keeping.isCompacted || Int(read.nextOffset.rawValue) <= next {
                throw Violation("\(ledger.name): a read at \(next) gives neither records nor a reason")
            }
            for batch in read.batches { try compare(batch, ledger) }
            next = Int(read.nextOffset.rawValue)
        }
    }

    private func compare(_ batch: [UInt8], _ ledger: PartitionLedger) throws(Violation) {
        for stored in try Life.decode(batch, ledger.name) {
            let offset = Int(stored.offset.rawValue)
            guard let number = ledger.number(at: offset) else { continue }
            if stored.record != plant.factory.record(number, isKeyed: ledger.keeping.isCompacted) {
                throw Violation("\(ledger.name) offset \(offset): not served as record \(number) after rot")
            }
        }
    }
}
