import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// What clients do: append, commit offsets, delete; and what the broker does by itself.
extension Life {
    /// Appends to one partition, sometimes to several as one.
    /// - Parameter isFlushing: a sync runs, perhaps one that puts a buffered partition right: nobody can write there then.
    func append(isFlushing: Bool = false) throws(Violation) {
        if plant.partitions.isEmpty { return }
        let first = plant.generator.element(of: plant.partitions)
        if isFlushing, hasFailed, first.keeping.isBuffered { return }
        var names = [first.name]
        // A buffered one is written at once, and not together with others.
        if !first.keeping.isBuffered, plant.generator.chance(250) {
            names += plant.partitions.filter { !$0.keeping.isBuffered && $0.name != first.name }.map(\.name)
                .prefix(plant.generator.within(0...3))
        }
        try append(to: names)
    }

    func append(to names: [TopicPartition]) throws(Violation) {
        var parts: [Append.Batch] = []
        var batches: [PartitionLedger.Batch] = []
        for name in names {
            guard let partition = directory.partition(name), let place = plant.place(of: name) else {
                throw Violation("\(name) is gone")
            }
            let base = Int(directory.logEnd(of: partition).rawValue)
            let batch = plant.newBatch(at: base, isKeyed: plant.partitions[place].keeping.isCompacted)
            // Before anything is written: power may be lost while it is.
            plant.partitions[place].stage(batch)
            batches.append(batch)
            parts.append(Append.Batch(batch.bytes, to: partition))
        }
        let answer = Answer()
        let all = batches
        unanswered += 1
        let ranges: [Range<Offset>]
        do throws(LogStoreError) {
            ranges = try directory.stage(
                Append(parts) { [self] result in
                    unanswered -= 1
                    do throws(Violation) { try complete(names, all, answer, result) } catch { plant.fail(error) }
                })
        } catch {
            unanswered -= 1
            return try allowFailure(error, "an append was refused")
        }
        if ranges.map({ Int($0.lowerBound.rawValue) }) != batches.map(\.base) {
            throw Violation("an append was given \(ranges), and not \(batches.map(\.base))")
        }
    }

    private final class Answer: @unchecked Sendable { var isThere = false }

    private func complete(
        _ names: [TopicPartition], _ batches: [PartitionLedger.Batch], _ answer: Answer,
        _ result: Result<[Range<Offset>], LogStoreError>
    ) throws(Violation) {
        if isStopping, !disk.isPowered { return }
        if answer.isThere { throw Violation("an append was answered twice") }
        answer.isThere = true
        switch result {
        case .failure(let error):
            try allowFailure(error, "an append failed")
            for (name, batch) in zip(names, batches) {
                guard let place = plant.place(of: name) else { continue }
                try plant.partitions[place].refuse(batch.numbers, at: batch.base)
            }
        case .success(let ranges):
            if ranges.map({ Int($0.lowerBound.rawValue)..<Int($0.upperBound.rawValue) })
                != batches.map({ $0.base..<$0.end })
            {
                throw Violation("an append was given \(batches.map(\.base)), then \(ranges)")
            }
            plant.totals[.acknowledgedAppends] += 1
            for (name, batch) in zip(names, batches) {
                plant.totals[.acknowledgedRecords] += batch.numbers.count
                guard let place = plant.place(of: name), let partition = directory.partition(name) else { continue }
                try plant.partitions[place].settle(
                    batch.numbers, at: batch.base, "an append was acknowledged with")
                if Int(directory.highWatermark(of: partition).rawValue) < batch.end {
                    throw Violation("\(name) offset \(batch.base): acknowledged and not yet readable")
                }
            }
        }
    }

    // MARK: Offsets

    /// Two groups, each of which goes on with any offset that it likes.
    func commitOffsets() throws(Violation) {
        if !plant.scenario.commitsOffsets || plant.partitions.isEmpty { return }
        let group = plant.generator.element(of: ["mes", "report"])
        var offsets: [TopicPartition: CommittedOffset] = [:]
        var places: [(GroupLedger.Place, Int)] = []
        for _ in 0..<plant.generator.within(1...2) {
            let name = plant.generator.element(of: plant.partitions).name
            if offsets[name] != nil { continue }
            let offset = plant.newCommit()
            offsets[name] = CommittedOffset(Offset(Int64(offset)))
            places.append((GroupLedger.Place(group: group, partition: name), offset))
        }
        for (place, offset) in places { plant.groups.stage(offset, at: place) }
        let commits = places
        unanswered += 1
        do throws(BrokerError) {
            try broker.commitOffsetsNow(group: group, offsets) { [self] result in
                unanswered -= 1
                if isStopping, !disk.isPowered { return }
                do throws(Violation) {
                    switch result {
                    case .success:
                        plant.totals[.offsetCommits] += 1
                        for (place, offset) in commits { plant.groups.settle(offset, at: place) }
                    case .failure(let error): try allowFailure(error, "a commit of offsets failed")
                    }
                } catch {
                    plant.fail(error)
                }
            }
            hasOffsetsTopic = true
        } catch {
            unanswered -= 1
            try allowFailure(error, "a commit of offsets was refused")
        }
    }

    // MARK: Deleting

    func deleteRecords() throws(Violation) {
        if plant.partitions.isEmpty { return }
        let place = plant.generator.below(plant.partitions.count)
        let ledger = plant.partitions[place]
        guard !ledger.keeping.isCompacted, let partition = directory.partition(ledger.name) else { return }
        let end = Int(directory.highWatermark(of: partition).rawValue)
        if end <= ledger.logStart { return }
        let start = plant.generator.within(ledger.logStart...end)
        plant.partitions[place].requestedStart = max(ledger.requestedStart, start)
        plant.totals[.deletions] += 1
        do throws(LogStoreError) {
            try directory.deleteRecords(of: partition, below: Offset(Int64(start)))
        } catch {
            return try allowFailure(error, "a deletion failed")
        }
        if Int(partition.logStart.rawValue) < start {
            throw Violation("\(ledger.name): deleted up to \(start), and it begins at \(partition.logStart)")
        }
    }

    /// Retention and the disk budget.
    func maintain() throws(Violation) {
        plant.totals[.sweeps] += 1
        for event in broker.maintain() {
            if case .failed(let what, let error) = event { try allowFailure(error, what) }
        }
    }

    func compact() {
        // The broker looks for work every ten seconds.
        plant.clock.advance(milliseconds: 10_001)
        for _ in 0..<40 {
            switch broker.compact() {
            case .finished: plant.totals[.compactions] += 1
            case .idle, .failed: return
            case .working: break
            }
        }
    }

    /// What is synced of buffered partitions survives a power cut.
    func noteSynced() {
        for place in plant.partitions.indices where plant.partitions[place].keeping.isBuffered {
            guard let partition = directory.partition(plant.partitions[place].name) else { continue }
            plant.partitions[place].noteSynced(to: Int(partition.syncedEnd.rawValue))
        }
    }
}
