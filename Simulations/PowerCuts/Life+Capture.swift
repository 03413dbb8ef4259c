import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// The captured source: rows that nobody may see before their index record, and sessions that begin anew.
extension Life {
    struct CaptureState {
        var source: SourceLog?
        /// Counts sessions, so that answers to the one before are told apart.
        var session = 0
        var isReady = false
        var confirmed = 0
        /// True while the broker itself works on the source: then nothing may be appended.
        var isBusy = false
        /// Rows of the ERP transaction that is under way.
        var rows: [SourceLedger.Rows] = []
    }

    static var indexName: TopicPartition { TopicPartition(topic: "__transactions.\(Plant.slot)", partition: 0) }

    func startCapture() throws(Violation) {
        if plant.scenario.capturedTopics.isEmpty || !disk.isPowered { return }
        plant.attempted.insert(Self.indexName.topic)
        do throws(BrokerError) {
            let source = try broker.sourceNow(slot: Plant.slot)
            // The index goes with the checkpoints then.
            if plant.scenario.segmentBytes == 1024 { source.expectNoFlow() }
            capture.source = source
            adopt(try broker.admin.describe(Self.indexName.topic))
        } catch {
            try allowFailure(error, "the source could not be opened")
        }
    }

    func captureStep() throws(Violation) {
        if plant.scenario.capturedTopics.isEmpty { return }
        guard let source = capture.source else { return try startCapture() }
        if !capture.isReady {
            try createCapturedTopics(source)
            return disk.isPowered ? try begin(source) : ()
        }
        switch plant.generator.below(100) {
        case 0..<60: try appendRows(source)
        case 60..<97: try appendIndex(source)
        default: capture.isReady = false
        }
    }

    func captureWhileFlushing() throws(Violation) {
        guard capture.isReady, !capture.isBusy, let source = capture.source else { return }
        if plant.generator.chance(600) { try appendRows(source) } else { try appendIndex(source) }
    }

    private func createCapturedTopics(_ source: SourceLog) throws(Violation) {
        for name in plant.scenario.capturedTopics where plant.topicIDs[name] == nil && disk.isPowered {
            plant.attempted.insert(name)
            do throws(BrokerError) {
                try source.createTopicNow(name)
                plant.totals[.topicsCreated] += 1
                adopt(try broker.admin.describe(name))
            } catch {
                try allowFailure(error, "captured topic \(name) could not be created")
            }
        }
    }

    /// A new session: what the last one left unfinished is gone, and the position is that of the last visible record.
    private func begin(_ source: SourceLog) throws(Violation) {
        capture.session += 1
        capture.rows = []
        capture.isBusy = true
        defer { capture.isBusy = false }
        let state: SourceState
        do throws(BrokerError) { state = try source.beginNow() } catch {
            return try allowFailure(error, "a session could not begin")
        }
        if let violation = plant.violation { throw violation }
        try probe()
        if state != plant.source.state {
            throw Violation("a session begins with \(state), the index says \(plant.source.state)")
        }
        capture.isReady = true
        plant.totals[.sourceSessions] += 1
    }

    private func appendRows(_ source: SourceLog) throws(Violation) {
        if plant.source.topics.isEmpty { return }
        let name = plant.generator.element(of: plant.source.topics).name
        guard let partition = directory.partition(name) else { throw Violation("\(name) is gone") }
        let batch = plant.newBatch(at: Int(directory.logEnd(of: partition).rawValue))
        do throws(BrokerError) {
            let range = try source.appendRows(batch.bytes, to: name.topic)
            if Int(range.lowerBound.rawValue) != batch.base {
                return plant.fail(Violation("\(name): rows were given \(range), and not \(batch.base)"))
            }
            plant.source.stage(batch, of: name.topic)
            capture.rows.append(SourceLedger.Rows(topic: name.topic, base: batch.base, numbers: batch.numbers))
        } catch {
            capture.isReady = false
            try allowFailure(error, "rows were refused")
        }
    }

    private func appendIndex(_ source: SourceLog) throws(Violation) {
        guard let index = directory.partition(Self.indexName) else { throw Violation("the index is gone") }
        let item = nextItem()
        let offset = Int(directory.logEnd(of: index).rawValue)
        let session = capture.session
        unanswered += 1
        do throws(BrokerError) {
            try source.appendIndex(item.record) { [self] result in
                unanswered -= 1
                do throws(Violation) { try complete(item, at: offset, session, result) } catch { plant.fail(error) }
            }
            plant.source.stage(item, at: offset)
            capture.rows = []
        } catch {
            unanswered -= 1
            capture.isReady = false
            try allowFailure(error, "an index record was refused")
        }
    }

    private func complete(
        _ item: SourceLedger.Item, at offset: Int, _ session: Int, _ result: Result<Void, BrokerError>
    ) throws(Violation) {
        if isStopping, !disk.isPowered { return }
        switch result {
        case .success:
            // The broker's own checkpoints lie between.
            if offset > plant.source.settled.count { try readIndex(from: plant.source.settled.count, upTo: offset) }
            try plant.source.settle(item.record, at: offset, "a completion confirms")
            plant.totals[.sourceTransactions] += 1
            capture.confirmed += 1
            guard let index = directory.partition(Self.indexName),
                directory.highWatermark(of: index) > Offset(Int64(offset))
            else { throw Violation("index offset \(offset): confirmed and not yet readable") }
        case .failure(let error):
            try plant.source.refuse(item.record, at: offset)
            // A session that was replaced takes its appends along.
            if session != capture.session { return }
            capture.isReady = false
            try allowFailure(error, "an index record failed")
        }
    }

    /// The rows so far as one transaction, or a record without rows.
    private func nextItem() -> SourceLedger.Item {
        if capture.rows.isEmpty {
            switch plant.generator.below(3) {
            case 0:
                let topic = plant.source.topics.first?.name.topic ?? "erp.items"
                return SourceLedger.Item(
                    record: .relation(topic: topic, description: plant.generator.bytes(plant.generator.within(1...40))),
                    rows: [])
            case 1: return SourceLedger.Item(record: .position(endLSN: plant.nextLSN()), rows: [])
            default: break
            }
        }
        var ranges: [TopicRange] = []
        for topic in Set(capture.rows.map(\.topic)).sorted() {
            let rows = capture.rows.filter { $0.topic == topic }
            guard let first = rows.first, let last = rows.last else { continue }
            ranges.append(
                TopicRange(
                    topic: topic, partition: 0, start: Offset(Int64(first.base)),
                    end: Offset(Int64(last.base + last.numbers.count))))
        }
        if plant.generator.chance(100) {
            return SourceLedger.Item(
                record: .snapshotChunk(id: plant.generator.next(), ranges: ranges), rows: capture.rows)
        }
        let commit = CommitRecord(
            commitLSN: plant.nextLSN(), endLSN: plant.nextLSN(), transactionID: UInt32(plant.generator.below(1 << 30)),
            commitTime: plant.clock.wall.millisecondsSince1970 * 1000, ranges: ranges)
        return SourceLedger.Item(record: .commit(commit), rows: capture.rows)
    }

    /// After the faults: a session begins, and a transaction through it is confirmed.
    func healCapture() throws(Violation) {
        if plant.scenario.capturedTopics.isEmpty { return }
        if capture.source == nil { try startCapture() }
        guard let source = capture.source else {
            if plant.scenario.budget != nil { return }
            throw Violation("the source cannot be opened on a good disk")
        }
        try createCapturedTopics(source)
        try begin(source)
        let before = capture.confirmed
        for _ in 0..<3 { try appendRows(source) }
        try appendIndex(source)
        directory.runCommitRound()
        if let violation = plant.violation { throw violation }
        if capture.confirmed != before + 1, plant.scenario.budget == nil {
            throw Violation("a transaction on a good disk was not confirmed")
        }
    }
}
