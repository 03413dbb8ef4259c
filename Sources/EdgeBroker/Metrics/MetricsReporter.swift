import LogStore
import Metrics
import RecordFormat
import Synchronization

/// Tells a metrics backend what samples and events say.
///
/// Gauges are set with each sample; those of a topic or a group that is no more are taken back. Counters grow by what was added since
/// the last sample.
final class MetricsReporter: Sendable {
    private struct Instrument: Hashable {
        let name: MetricName
        let labels: [String]
    }

    private struct State {
        var gauges: [Instrument: Meter] = [:]
        var counters: [Instrument: Counter] = [:]
        var log = LogCounts()
        var fetches = 0
        var fetchedRecords = 0
        var reportedAt: Duration?
    }

    /// Whoever collects metrics seldom looks more often.
    private static let interval = Duration.seconds(5)

    private let factory: any MetricsFactory
    private let state = Mutex(State())
    private let appendTime: Timer
    private let syncTime: Timer

    /// - Returns: `nil` if nobody would listen.
    init?(_ factory: any MetricsFactory) {
        if factory is NOOPMetricsHandler { return nil }
        self.factory = factory
        appendTime = Timer(label: MetricName.appendTime.rawValue, dimensions: [], factory: factory)
        syncTime = Timer(label: MetricName.syncTime.rawValue, dimensions: [], factory: factory)
    }

    // MARK: As it happens

    /// On the committing thread, once for each round.
    func note(_ round: CommitRoundReport) {
        if round.batches > 0 { appendTime.recordNanoseconds(round.duration.nanoseconds) }
        if round.syncs > 0 { syncTime.recordNanoseconds(round.syncDuration.nanoseconds) }
    }

    func count(_ kind: BrokerEvent.Kind) {
        switch kind {
        case .partitionClosed: add(1, to: .partitionsClosed)
        case .partitionOpened: add(1, to: .partitionsOpened)
        case .maintenancePostponed, .compactionPostponed: add(1, to: .failures)
        default: break
        }
    }

    /// Records that went although no retention asked for it.
    func count(_ gap: GapRecord) {
        let count = max(0, gap.end.rawValue - gap.start.rawValue)
        add(count, to: .dropped, [("topic", gap.partition.topic), ("reason", gap.reason.rawValue)])
    }

    func count(_ turn: CompactionTurn) {
        guard case .finished(_, let before, let after) = turn else { return }
        add(1, to: .compactions)
        add(Int64(max(0, before - after)), to: .compactedBytes)
    }

    /// What opening found, once.
    func report(_ recovery: RecoveryReport, took time: Duration) {
        state.withLock { state in
            set(.damages, Int64(recovery.damages.count), [], &state)
            set(.recoveryBytes, Int64(recovery.scannedBytes), [], &state)
            set(.recoveryTime, Double(time.nanoseconds) / 1e9, &state)
        }
    }

    // MARK: Samples

    /// Whether it is time for a sample.
    func isDue(at now: Duration) -> Bool {
        state.withLock { state in
            if let last = state.reportedAt, now - last < Self.interval { return false }
            state.reportedAt = now
            return true
        }
    }

    func report(_ sample: MetricsSample) {
        state.withLock { state in
            let once: Set<MetricName> = [.damages, .recoveryBytes, .recoveryTime]
            var stale = Set(state.gauges.keys).filter { !once.contains($0.name) }
            func set(_ name: MetricName, _ value: Int64, _ labels: [(String, String)] = []) {
                stale.remove(Instrument(name: name, labels: labels.map(\.1)))
                self.set(name, value, labels, &state)
            }
            set(.brokers, 1)
            for topic in sample.topics { Self.tell(topic, set) }
            Self.tell(sample.groupOffsets, set)
            for (group, count) in sample.groupMembers {
                set(.groupMembers, Int64(count), [("consumergroup", group)])
            }
            set(.usedBytes, Int64(sample.usedBytes))
            if let budget = sample.budget {
                set(.budget, budget.bytes)
                set(.reserve, budget.reserve)
            }
            if let free = sample.freeBytes, free < .max { set(.free, free) }
            set(.isFull, sample.isFull ? 1 : 0)
            for instrument in stale { state.gauges.removeValue(forKey: instrument)?.destroy() }
            grow(sample, &state)
        }
    }

    private typealias Setter = (MetricName, Int64, [(String, String)]) -> Void

    private static func tell(_ topic: MetricsSample.Topic, _ set: Setter) {
        let name = ("topic", topic.name)
        set(.topicPartitions, Int64(topic.partitions.count), [name])
        set(.logBytes, Int64(topic.bytes), [name, ("priority", "\(topic.priority)")])
        for partition in topic.partitions {
            let labels = [name, ("partition", "\(partition.number)")]
            set(.currentOffset, partition.highWatermark.rawValue, labels)
            set(.oldestOffset, partition.logStart.rawValue, labels)
            set(.logEnd, partition.logEnd.rawValue, labels)
            // One node keeps the only replica.
            set(.leader, 1, labels)
            set(.replicas, 1, labels)
            set(.inSyncReplicas, 1, labels)
            set(.underReplicated, 0, labels)
        }
    }

    private static func tell(_ offsets: [MetricsSample.GroupOffset], _ set: Setter) {
        struct Key: Hashable {
            let group: String
            let topic: String
        }
        var sums: [Key: (offset: Int64, lag: Int64)] = [:]
        for committed in offsets {
            let labels = [
                ("consumergroup", committed.group), ("topic", committed.partition.topic),
                ("partition", "\(committed.partition.partition)"),
            ]
            set(.groupOffset, committed.offset.rawValue, labels)
            if let lag = committed.lag { set(.groupLag, lag, labels) }
            let key = Key(group: committed.group, topic: committed.partition.topic)
            let sum = sums[key] ?? (0, 0)
            sums[key] = (sum.offset &+ committed.offset.rawValue, sum.lag &+ (committed.lag ?? 0))
        }
        for (key, sum) in sums {
            let labels = [("consumergroup", key.group), ("topic", key.topic)]
            set(.groupOffsetSum, sum.offset, labels)
            set(.groupLagSum, sum.lag, labels)
        }
    }

    private func grow(_ sample: MetricsSample, _ state: inout State) {
        let (log, last) = (sample.log, state.log)
        add(Int64(log.batches - last.batches), to: .appendBatches, [], &state)
        add(Int64(log.bytes - last.bytes), to: .appendBytes, [], &state)
        add(Int64(log.rounds - last.rounds), to: .rounds, [], &state)
        add(Int64(log.syncs - last.syncs), to: .syncs, [], &state)
        add(Int64(sample.fetches - state.fetches), to: .fetches, [], &state)
        add(Int64(sample.fetchedRecords - state.fetchedRecords), to: .fetchedRecords, [], &state)
        (state.log, state.fetches, state.fetchedRecords) = (log, sample.fetches, sample.fetchedRecords)
    }

    // MARK: Instruments

    private func set(
        _ name: MetricName, _ value: Int64, _ labels: [(String, String)], _ state: inout State
    ) {
        gauge(name, labels, &state).set(value)
    }

    private func set(_ name: MetricName, _ value: Double, _ state: inout State) { gauge(name, [], &state).set(value) }

    private func gauge(_ name: MetricName, _ labels: [(String, String)], _ state: inout State) -> Meter {
        let key = Instrument(name: name, labels: labels.map(\.1))
        if let known = state.gauges[key] { return known }
        let made = Meter(label: name.rawValue, dimensions: labels, factory: factory)
        state.gauges[key] = made
        return made
    }

    private func add(_ count: Int64, to name: MetricName, _ labels: [(String, String)] = []) {
        state.withLock { add(count, to: name, labels, &$0) }
    }

    private func add(_ count: Int64, to name: MetricName, _ labels: [(String, String)], _ state: inout State) {
        let key = Instrument(name: name, labels: labels.map(\.1))
        let counter = state.counters[key] ?? Counter(label: name.rawValue, dimensions: labels, factory: factory)
        state.counters[key] = counter
        // One that has counted nothing yet stands there as 0.
        if count >= 0 { counter.increment(by: count) }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product &+ attoseconds / 1_000_000_000
    }
}
