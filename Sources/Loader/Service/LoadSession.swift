import EdgeBroker
import RecordFormat

/// One attempt at loading a flow: takes the flow in the target, and goes on from the position there until something stops it. It
/// runs on a thread of its own, because SQLite blocks.
actor LoadSession {
    nonisolated let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How much a fetch reads of the index, and at most of a topic.
    private static let fetchBytes = 1 << 20
    /// What all topics of a flow together may hold of records that were fetched and not used yet, as they are in the log.
    private static let bufferBytes = 16 << 20
    /// A waiting fetch costs nothing; it ends with new records, and now and then to be sure.
    private static let patience = Duration.seconds(60)

    private let configuration: LoaderConfiguration
    private let broker: Broker
    /// Is told what the target has, so that the log keeps what it has not.
    private var source: SourceLog?
    private let clock = ContinuousClock()
    private let report: @Sendable (LoaderProgress) -> Void
    private var progress: LoaderProgress
    private var buffers: [TopicPartition: TopicBuffer] = [:]
    /// Index records below are committed one by one.
    private var singlyUpTo = Offset.zero
    /// Relation records that were read and wait for the rows behind them, because one of them replaces a description: the target
    /// must not be committed in between, and must not be kept locked until the ERP's next change either.
    private var deferred: [(record: TransactionIndexRecord, offset: Offset, value: [UInt8])] = []
    /// When the open transaction of the target began.
    private var openedAt: ContinuousClock.Instant?

    init(
        _ configuration: LoaderConfiguration, _ broker: Broker, from progress: LoaderProgress,
        on executor: ThreadExecutor,
        report: @escaping @Sendable (LoaderProgress) -> Void
    ) {
        self.configuration = configuration
        self.broker = broker
        self.progress = progress
        self.executor = executor
        self.report = report
    }

    private var index: TopicPartition { TopicPartition(topic: "__transactions.\(configuration.slot)", partition: 0) }

    /// Returns when its task is cancelled.
    func run(_ open: @Sendable () throws(LoaderError) -> any LoadTarget) async throws(LoaderError) {
        let (source, description) = try await openSource()
        self.source = source
        // Before the target is looked at, which may be away for long: until the position is known everything is kept.
        source.expect(flow: configuration.flow)
        let identity = LoadIdentity(flow: configuration.flow, slot: configuration.slot, logID: description.id)
        let writer = FlowWriter(identity, configuration.tables, try open())
        try writer.claim()
        try await check(writer.position, description)
        progress.waitingFor = nil
        publish(writer)
        while !Task.isCancelled {
            do throws(LoaderError) {
                try await load(writer)
            } catch {
                if error.code == .interrupted, Task.isCancelled { return }
                try retrySingly(writer, after: error)
            }
        }
    }

    /// After a row or a foreign key that is refused: begins the batch again, one source transaction at a time. So those before
    /// the bad one are loaded, and the error is about the bad one.
    private func retrySingly(_ writer: FlowWriter, after error: LoaderError) throws(LoaderError) {
        let isAboutRows = error.code == .row || error.code == .foreignKeys
        guard isAboutRows, writer.records > 0, writer.reached >= singlyUpTo else { throw error }
        singlyUpTo = writer.reached.advanced(by: 1)
        openedAt = nil
        deferred = []
        try writer.rollBack()
        try writer.claim()
    }

    /// The index topic, made if this slot was never captured: then there is nothing to load yet.
    private func openSource() async throws(LoaderError) -> (SourceLog, TopicDescription) {
        do throws(BrokerError) {
            let source = try await SourceLog.open(broker, slot: configuration.slot)
            return (source, try broker.admin.describe(index.topic))
        } catch {
            throw LoaderError(error)
        }
    }

    /// The position must be one of this log: not beyond its end, and behind the very record that was loaded last.
    private func check(_ position: LoadPosition, _ description: TopicDescription) async throws(LoaderError) {
        guard let partition = description.partitions.first, position.nextOffset > .zero else { return }
        guard position.nextOffset <= partition.highWatermark else {
            throw LoaderError(
                .foreignLog,
                "flow \(configuration.flow): the target has loaded \(index) up to offset \(position.nextOffset), but the log ends at \(partition.highWatermark).",
                remedy:
                    "The data directory was put back to an earlier state: put back the newest one, or delete the flow's row in edgebroker_position to load everything anew."
            )
        }
        let last = position.nextOffset.advanced(by: -1)
        if last < partition.logStart { return }
        let records = try await fetch(index, from: last, maxBytes: 1).records
        guard let record = records.first, record.offset == last else { return }
        let checksum = (record.record.value ?? []).withUnsafeBytes { crc32c($0) }
        guard checksum == position.checksum else {
            throw LoaderError(
                .foreignLog,
                "flow \(configuration.flow): offset \(last) of \(index) is not the record that the target has loaded.",
                remedy:
                    "The data directory was put back to an earlier state and has gone another way since; delete the flow's row in edgebroker_position to load everything anew."
            )
        }
    }

    /// Loads what one fetch of the index gives, and commits all of it.
    private func load(_ writer: FlowWriter) async throws(LoaderError) {
        let next = deferred.last?.offset.advanced(by: 1) ?? writer.position.nextOffset
        let fetched = try await fetch(index, from: next, maxBytes: Self.fetchBytes, waitingUpTo: Self.patience)
        for stored in fetched.records {
            if Task.isCancelled { throw Self.cancelled }
            let value = stored.record.value ?? []
            let record: TransactionIndexRecord
            do throws(BrokerError) {
                record = try TransactionIndexRecord(decoding: value)
            } catch {
                throw LoaderError(error)
            }
            if case .relation(let topic, let description) = record,
                !deferred.isEmpty || writer.replaces(relation: description, of: topic)
            {
                deferred.append((record, stored.offset, value))
                continue
            }
            try await applyDeferred(writer)
            let isBoundary = record.isSnapshotBoundary
            if isBoundary { try commit(writer) }
            openedAt = openedAt ?? clock.now
            try await applyWhole(record, stored.offset, value, writer)
            if isBoundary || stored.offset < singlyUpTo || isFull(writer) { try commit(writer) }
        }
        try commit(writer)
    }

    private func applyDeferred(_ writer: FlowWriter) async throws(LoaderError) {
        if deferred.isEmpty { return }
        openedAt = openedAt ?? clock.now
        for (record, offset, value) in deferred { try await applyWhole(record, offset, value, writer) }
        deferred = []
    }

    private func applyWhole(
        _ record: TransactionIndexRecord, _ offset: Offset, _ value: [UInt8], _ writer: FlowWriter
    ) async throws(LoaderError) {
        try await apply(record, writer)
        try writer.finish(indexOffset: offset, value: value, endLSN: record.endLSN, commitTime: record.commitTime)
    }

    private static let cancelled = LoaderError(.interrupted, "The loader was stopped.", remedy: "")

    private func isFull(_ writer: FlowWriter) -> Bool {
        if writer.rows >= configuration.rowsPerCommit { return true }
        guard let openedAt else { return false }
        return clock.now - openedAt >= configuration.commitDelay
    }

    private func apply(_ record: TransactionIndexRecord, _ writer: FlowWriter) async throws(LoaderError) {
        switch record {
        case .intent, .position, .checkpoint: break
        case .relation(let topic, let description): try writer.keep(relation: description, of: topic)
        case .snapshotBegin(let id, let topics, _): try writer.beginSnapshot(id, topics: topics)
        case .snapshotEnd(let id, _): try writer.endSnapshot(id)
        case .snapshotChunk, .commit:
            try await apply(record.ranges, writer)
            try writer.finishRows()
        }
    }

    /// The rows of one source transaction, in the order in which it changed them.
    private func apply(_ ranges: [TopicRange], _ writer: FlowWriter) async throws(LoaderError) {
        let loaded = ranges.filter { writer.isLoaded($0.topic) }
        var merge = TransactionMerge(loaded.map { ($0, writer.descriptions(of: $0.topic)) })
        let maxBytes = max(64 << 10, min(Self.fetchBytes, Self.bufferBytes / max(1, buffers.count)))
        while true {
            switch try merge.next(&buffers) {
            case .end: return
            case .change(let event, let topic):
                // A large transaction must not keep a clean stop waiting.
                if writer.rows % 1000 == 999, Task.isCancelled { throw Self.cancelled }
                try writer.apply(event, of: topic)
            case .fetch(let name, let offset):
                let fetched = try await fetch(name, from: offset, maxBytes: maxBytes)
                guard fetched.nextOffset > offset else {
                    throw LoaderError(
                        .damagedRecords,
                        "\(index) names offset \(offset) of \(name), which ends at \(fetched.highWatermark).",
                        remedy: "Run `edgebroker log verify` on the data directory.")
                }
                buffers[name, default: TopicBuffer()].fill(fetched.records, from: offset, to: fetched.nextOffset)
            }
        }
    }

    private func commit(_ writer: FlowWriter) throws(LoaderError) {
        let (rows, transactions) = (writer.rows, writer.transactions)
        openedAt = nil
        guard writer.records > 0 else { return }
        try writer.commit()
        progress.rows += rows
        progress.transactions += transactions
        progress.commits += 1
        publish(writer)
    }

    private func publish(_ writer: FlowWriter) {
        progress.lastCommitTime = writer.lastCommitTime ?? progress.lastCommitTime
        progress.nextIndexOffset = writer.position.nextOffset
        progress.endLSN = writer.position.endLSN
        progress.isInSnapshot = writer.isInSnapshot
        source?.flow(configuration.flow, needsFrom: writer.position.nextOffset)
        report(progress)
    }

    private func fetch(
        _ name: TopicPartition, from offset: Offset, maxBytes: Int, waitingUpTo patience: Duration = .zero
    ) async throws(LoaderError) -> FetchedRecords {
        do throws(BrokerError) {
            return try await broker.fetch(name, from: offset, maxBytes: maxBytes, waitingUpTo: patience)
        } catch {
            throw LoaderError(error)
        }
    }
}

extension TransactionIndexRecord {
    /// Foreign keys are enforced on one side of it and not on the other, and that cannot change within a transaction.
    var isSnapshotBoundary: Bool {
        switch self {
        case .snapshotBegin, .snapshotEnd: true
        case .intent, .snapshotChunk, .commit, .position, .relation, .checkpoint: false
        }
    }

    var endLSN: LSN? {
        switch self {
        case .commit(let commit): commit.endLSN
        case .position(let endLSN): endLSN
        case .snapshotEnd(_, let consistentPoint): consistentPoint
        case .intent, .snapshotBegin, .snapshotChunk, .relation, .checkpoint: nil
        }
    }

    /// Of a source transaction, in microseconds since 1970.
    var commitTime: Int64? {
        if case .commit(let commit) = self { commit.commitTime } else { nil }
    }
}
