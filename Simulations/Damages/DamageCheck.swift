import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// What a plant would do with a damaged folder: verify it, start, read everything, go on, stop, and start again.
struct DamageCheck {
    /// What became of a damage.
    enum Outcome {
        /// `log verify` calls it damage.
        case reported
        /// `log verify` says what is wrong, and no answer has changed.
        case noted
        /// Nobody says anything, and no answer has changed.
        case harmless
        /// Nothing starts with it, and `log verify` says why.
        case refused
    }

    let folder: PlantFolder

    func run(_ damage: Damage, undamaged: LogVerification.Result) throws(Violation) -> Outcome {
        let verified = try verify(damage.disk)
        let clock = folder.clock.fork()
        let broker: Broker
        do throws(BrokerError) {
            broker = try PlantFolder.tryOpening(damage.disk, clock, segmentBytes: folder.segmentBytes)
        } catch {
            guard error.code == .foreignDirectory else { throw Violation("the broker does not open: \(error)") }
            if verified.damages.isEmpty { throw Violation("no start, and verify finds nothing: \(error)") }
            try repair(damage.disk, verified)
            return .refused
        }
        let answers = try Answers(of: broker)
        try check(answers, verified, "the first start")
        try compare(verified, broker.recovery, answers)
        let appended = try append(to: broker)
        clock.advance(milliseconds: 1000)
        broker.directory.close()
        try checkAgain(damage.disk.afterKill(), clock, answers, appended)
        if !verified.damages.isEmpty { return .reported }
        return Set(verified.notes).isSubset(of: undamaged.notes) ? .harmless : .noted
    }

    func verify(_ disk: SimulatedDisk) throws(Violation) -> LogVerification.Result {
        do throws(LogStoreError) {
            return try LogVerification.run(PlantFolder.path, disk: disk.afterKill())
        } catch {
            throw Violation("verify cannot read the log: \(error)")
        }
    }

    /// Offsets that are reported as lost.
    static func reported(
        _ report: RecoveryReport, _ name: TopicPartition
    ) -> [Range<Offset>] {
        report.damages.filter { $0.isLoss && ($0.partition == name || $0.partition == nil) }.map(\.offsets)
            + report.gaps.filter { $0.partition == name }.map(\.offsets)
    }

    // MARK: Reading

    /// Everything is there and is right, or is reported.
    func check(_ answers: Answers, _ verified: LogVerification.Result, _ what: String) throws(Violation) {
        for (name, expected) in folder.answers.partitions {
            let reported = Self.reported(verified.report, name)
            let given = answers.partitions[name] ?? Answers.OfPartition()
            try checkServed(given, name, verified, what)
            try checkMissing(given, expected, name, reported, what)
            if answers.partitions[name] != nil, given.end < expected.end {
                throw Violation("\(what): \(name) ends at \(given.end), before at \(expected.end)")
            }
        }
        if let difference = difference(answers), verified.damages.isEmpty {
            throw Violation("\(what): verify finds nothing, and \(difference)")
        }
    }

    private func checkServed(
        _ given: Answers.OfPartition, _ name: TopicPartition, _ verified: LogVerification.Result, _ what: String
    ) throws(Violation) {
        for (base, batch) in given.batches where !folder.known.contains(batch, at: base, of: name) {
            let isEpoch =
                folder.known.containsApartFromEpoch(batch, at: base, of: name)
                && verified.damages.contains { $0.partition == name && $0.offsets.contains(Offset(base)) }
            if isEpoch { continue }
            let owner = folder.known.owner(of: batch, at: base).map { ", but in \($0)" } ?? ""
            throw Violation("\(what): \(name) offset \(base) is served as it never was\(owner)")
        }
    }

    private func checkMissing(
        _ given: Answers.OfPartition, _ expected: Answers.OfPartition, _ name: TopicPartition,
        _ reported: [Range<Offset>], _ what: String
    ) throws(Violation) {
        for base in expected.batches.keys.sorted() where given.batches[base] == nil {
            // Another batch that has its records is as good, and was compared already.
            for offset in Self.offsets(of: expected.batches[base] ?? []) where offset >= expected.logStart {
                if given.records[offset].map({ $0 == expected.records[offset] }) == true { continue }
                if !reported.contains(where: { $0.contains(Offset(offset)) }) {
                    throw Violation("\(what): \(name) offset \(offset) is neither served nor reported")
                }
                if offset < given.end, offset >= given.logStart, !given.isRefused(offset) {
                    throw Violation("\(what): \(name) offset \(offset) is passed over without a word")
                }
            }
        }
        for (offset, record) in expected.records where given.records[offset] != record {
            if let other = given.records[offset] {
                throw Violation("\(what): \(name) offset \(offset) is consumed as \(other), it was \(record)")
            }
            if !reported.contains(where: { $0.contains(Offset(offset)) }), offset < given.highWatermark {
                throw Violation("\(what): \(name) offset \(offset) is neither consumed nor reported")
            }
        }
    }

    static func offsets(of batch: [UInt8]) -> [Int64] {
        batch.withUnsafeBytes { bytes in
            do throws(RecordFormatError) { return try decodeRecords(bytes).map(\.offset.rawValue) } catch { return [] }
        }
    }

    /// Any other answer that is not as it was.
    private func difference(_ answers: Answers) -> String? {
        let expected = folder.answers
        if answers.topics != expected.topics { return "the topics are \(answers.topics)" }
        if answers.groups != expected.groups { return "the groups have committed \(answers.groups)" }
        if answers.source != expected.source { return "the source stands elsewhere" }
        for (name, before) in expected.partitions {
            guard let after = answers.partitions[name] else { return "\(name) is gone" }
            // Where what was deleted is still there, and the one file that said so is lost, it is there again: no loss.
            if after.logStart > before.logStart { return "\(name) begins at \(after.logStart), not \(before.logStart)" }
            if after.highWatermark != before.highWatermark { return "\(name) may be read up to \(after.highWatermark)" }
            // Which of a compacted partition's batches are there is another matter.
            if after.batches != before.batches { continue }
            let (then, now) = (before.asked, after.asked)
            if now.aborted != then.aborted { return "\(name) has other aborted transactions: \(now.aborted)" }
            if now.epochs != then.epochs { return "\(name) has leader epochs \(now.epochs)" }
            if now.times != then.times { return "\(name) finds times at \(now.times), not \(then.times)" }
            if now.producers != then.producers {
                return "\(name) knows producers \(now.producers), not \(then.producers)"
            }
        }
        return nil
    }

    // MARK: Reports

    /// What recovery reports, verify has reported before; and what verify reports as lost is not served.
    private func compare(
        _ verified: LogVerification.Result, _ recovery: RecoveryReport, _ answers: Answers
    ) throws(Violation) {
        for (name, expected) in folder.answers.partitions {
            let before = Self.reported(verified.report, name)
            for range in Self.reported(recovery, name) {
                for offset in range.lowerBound.rawValue..<range.upperBound.rawValue
                where !before.contains(where: { $0.contains(Offset(offset)) }) {
                    throw Violation("recovery reports \(name) offset \(offset), verify does not")
                }
            }
            guard let given = answers.partitions[name] else { continue }
            for damage in verified.damages where damage.isLoss && damage.partition == name {
                // Where a segment's one batch has another leader epoch, nobody can say that it is only that.
                let hasOtherEpoch = given.batches.contains { base, batch in
                    damage.offsets.contains(Offset(base)) && !folder.known.contains(batch, at: base, of: name)
                }
                if hasOtherEpoch { continue }
                let offset = expected.records.keys.first {
                    damage.offsets.contains(Offset($0)) && given.records[$0] != nil
                }
                if let offset {
                    throw Violation("\(name) offset \(offset) is served, and verify says: \(damage.description)")
                }
            }
        }
    }

    // MARK: Going on

    /// Appends where clients may.
    /// - Returns: the batches by partition, as they should be read.
    private func append(to broker: Broker) throws(Violation) -> [TopicPartition: Int64] {
        var appended: [TopicPartition: Int64] = [:]
        for name in folder.answers.partitions.keys where !name.topic.hasPrefix("__") && !name.topic.hasPrefix("erp.") {
            guard let partition = broker.directory.partition(name) else { continue }
            var builder = RecordBatchBuilder()
            builder.append(key: [1], value: Array("afterwards".utf8), timestamp: folder.clock.wall)
            let range: [Range<Offset>]
            let epoch: Int32
            do throws(LogStoreError) {
                range = try broker.directory.stage(Append([Append.Batch(builder.finish(), to: partition)]) { _ in })
                broker.directory.runCommitRound()
                let read = try broker.directory.read(
                    partition, from: range[0].lowerBound, upTo: range[0].upperBound, maxBytes: 4096)
                epoch = Self.epoch(of: read.batches.first ?? [])
            } catch {
                throw Violation("\(name) takes no appends: \(error)")
            }
            let newest = folder.answers.partitions[name]?.newestEpoch ?? -1
            if epoch < newest {
                throw Violation("\(name): a batch of epoch \(epoch) is appended behind one of \(newest)")
            }
            appended[name] = range[0].lowerBound.rawValue
        }
        return appended
    }

    private static func epoch(of batch: [UInt8]) -> Int32 {
        batch.withUnsafeBytes { bytes in
            do throws(RecordFormatError) {
                return try RecordBatchHeader(decoding: bytes).partitionLeaderEpoch
            } catch {
                return -1
            }
        }
    }

    /// What the first start did must not make the second one see it otherwise.
    private func checkAgain(
        _ disk: SimulatedDisk, _ clock: SimulatedClock, _ first: Answers, _ appended: [TopicPartition: Int64]
    ) throws(Violation) {
        let verified = try verify(disk)
        let broker = try PlantFolder.open(disk, clock, segmentBytes: folder.segmentBytes)
        let answers = try Answers(of: broker, isShort: true)
        broker.directory.close()
        for (name, before) in first.partitions {
            guard let after = answers.partitions[name] else { throw Violation("the second start: \(name) is gone") }
            let reported = Self.reported(verified.report, name)
            for (base, batch) in before.batches where after.batches[base] != batch {
                throw Violation("the second start: \(name) offset \(base) is not as at the first")
            }
            for (offset, record) in before.records where after.records[offset] != record {
                throw Violation("the second start: \(name) offset \(offset) is not consumed as at the first")
            }
            for range in before.refused {
                for offset in range where offset >= after.logStart {
                    if !reported.contains(where: { $0.contains(Offset(offset)) }),
                        folder.answers.partitions[name]?.records[offset] != nil
                    {
                        throw Violation("the second start: \(name) offset \(offset) is not reported any more")
                    }
                }
            }
            if let offset = appended[name], after.records[offset] == nil {
                throw Violation("the second start: \(name) offset \(offset), appended since, is gone")
            }
        }
    }

    /// Where nothing starts, a repair helps.
    private func repair(_ disk: SimulatedDisk, _ before: LogVerification.Result) throws(Violation) {
        let repaired = disk.afterKill()
        let result: LogRepair.Result
        do throws(LogStoreError) {
            result = try LogRepair.run(PlantFolder.path, disk: repaired, at: folder.clock.wall, isDryRun: false)
        } catch {
            // Without either of the two that say whose log it is, nobody can tell.
            return
        }
        if !result.left.isEmpty { return }
        let verified = try verify(repaired)
        let broker = try PlantFolder.open(repaired.afterKill(), folder.clock.fork(), segmentBytes: folder.segmentBytes)
        try check(try Answers(of: broker), verified, "the start after a repair")
        broker.directory.close()
    }
}
