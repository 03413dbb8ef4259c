package import LogStore
public import Logging
package import Metrics
internal import RecordFormat
internal import Synchronization

/// A broker on one machine: topics of records in a data directory, durable when an append returns.
///
/// Open it, append and fetch from any task, and ``close()`` it; a process that dies instead loses nothing that was
/// acknowledged.
public final class Broker: Sendable {
    package let directory: LogDirectory
    let catalogue: TopicCatalogue
    let committed: CommittedOffsets
    /// Consumer groups.
    package let groups: GroupCoordinator
    private let groupTimer: DeadlineTimer
    private let groupNotes: [String]
    /// Producers with a transactional id.
    package let transactions: TransactionCoordinator
    private let transactionTimer: DeadlineTimer
    let gaps: GapLog
    let holds = DownstreamHolds()
    private let checkpointBytes: Int
    let disk: any Disk
    let clock: LogClock
    let random: @Sendable () -> UInt64
    let timers: Timers
    let maintenance: Maintenance
    private let maintenanceThread = Mutex<MaintenanceThread?>(nil)
    let blockingWork: BlockingWork
    let appendTime: AppendTime
    let counters = BrokerCounters()
    /// How long opening the log took.
    private let openingTime: Duration
    private let metrics = Mutex<MetricsReporter?>(nil)
    private let sources = Mutex<[String: SourceLog]>([:])

    /// Opens the data directory, recovers what a kill or power cut left, and starts the committing thread.
    ///
    /// - Throws: `.locked`, `.notADirectory`, `.refused`, `.noSpace`, `.newerFormat`, `.foreignDirectory`, `.storage`
    /// or
    ///   `.invalidConfiguration`. Nothing acknowledged is changed then.
    public static func open(_ configuration: BrokerConfiguration, logger: Logger) async throws(BrokerError) -> Broker {
        try await open(configuration, disk: PosixDisk(), logger: logger)
    }

    package static func open(
        _ configuration: BrokerConfiguration, disk: any Disk, logger: Logger
    ) async throws(BrokerError) -> Broker {
        if configuration.segmentBytes < 1024 {
            throw BrokerError(
                .invalidConfiguration, "Segments of \(configuration.segmentBytes) bytes are too small.",
                remedy: "Choose 1 KiB or more.")
        }
        let broker = try await openOnOwnThread(configuration, disk)
        broker.report(to: configuration.metrics ?? MetricsSystem.factory)
        let events = BrokerEvents(configuration.onEvent, logger, broker.reporter)
        broker.begin(telling: events)
        if configuration.isMaintained {
            do throws(LogStoreError) {
                try broker.startMaintenance(events)
            } catch {
                await broker.close()
                throw BrokerError(error)
            }
        }
        return broker
    }

    /// Recovery blocks on the disk, so it does not run on Swift's cooperative pool.
    private static func openOnOwnThread(
        _ configuration: BrokerConfiguration, _ disk: any Disk
    ) async throws(BrokerError) -> Broker {
        let random: @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Broker, BrokerError>, Never>) in
            do throws(DiskError) {
                try PlatformThread.start(name: "recovery") {
                    do throws(BrokerError) {
                        let limits = try DiskLimits(configuration, disk)
                        var settings = LogDirectoryConfiguration(path: configuration.dataDirectory)
                        settings.segmentBytes = configuration.segmentBytes
                        settings.reserveBytes = Int(limits.reserve)
                        settings.onRecoveryProgress = configuration.onRecoveryProgress
                        let broker = try Broker(
                            settings, disk: disk, clock: .system, random: random, groups: configuration.groups)
                        try broker.limit(limits)
                        try broker.startCommitter()
                        broker.startTimers()
                        continuation.resume(returning: .success(broker))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(BrokerError(LogStoreError("Cannot open the log", error))))
            }
        }
        return try result.get()
    }

    /// Opens without a committing thread: whoever holds the broker calls ``LogDirectory/runCommitRound()``, and
    /// everything is deterministic. Blocking.
    ///
    /// - Parameters:
    ///   - checkpointBytes: of a transaction index between two checkpoints.
    ///   - budget: what ``maintain()`` keeps to.
    package init(
        _ settings: LogDirectoryConfiguration, disk: any Disk, clock: LogClock,
        random: @escaping @Sendable () -> UInt64, checkpointBytes: Int = SourceLog.defaultCheckpointBytes,
        budget: DiskBudget? = nil, timers: Timers = .dispatch, groups groupSettings: GroupSettings = GroupSettings()
    ) throws(BrokerError) {
        self.timers = timers
        transactionTimer = DeadlineTimer(clock, timers)
        self.checkpointBytes = checkpointBytes
        self.clock = clock
        self.random = random
        self.disk = disk
        maintenance = Maintenance(budget)
        groupTimer = DeadlineTimer(clock, timers)
        appendTime = AppendTime(clock)
        let begun = clock.monotonic()
        do throws(LogStoreError) {
            directory = try LogDirectory.open(settings, disk: disk, clock: appendTime.logClock, random: random)
        } catch {
            throw BrokerError(error)
        }
        openingTime = clock.monotonic() - begun
        appendTime.begin(newest: directory.newestAppend)
        blockingWork = BlockingWork()
        do throws(BrokerError) {
            catalogue = try TopicCatalogue(directory, wall: clock.wall, random: random)
            let replay = try ConsumerOffsetsReplay(catalogue)
            committed = CommittedOffsets(replay.offsets)
            groupNotes = replay.notes
            groups = GroupCoordinator(
                settings: groupSettings, journal: OffsetsTopicJournal(catalogue, blockingWork), offsets: committed,
                groups: replay.groups, consumerGroups: replay.consumerGroups, clock: clock, random: random,
                partitionExists: { [catalogue] in catalogue.has($0) }, topics: { [catalogue] in catalogue.image })
            let appendTime = appendTime
            transactions = try TransactionCoordinator(
                catalogue, blockingWork, clock: clock, time: { appendTime.now })
            gaps = GapLog(catalogue)
            for topic in catalogue.all {
                guard topic.isInternal, let slot = topic.owner else { continue }
                let source = try SourceLog(
                    slot: slot, catalogue: catalogue, blockingWork: blockingWork, checkpointBytes: checkpointBytes)
                sources.withLock { $0[slot] = source }
            }
        } catch {
            directory.close()
            throw error
        }
        let groups = groups
        transactions.onOffsetsMarker { groups.completeTransaction(producerID: $0, isCommitted: $1) }
        transactions.recover()
    }

    private func limit(_ limits: DiskLimits) throws(BrokerError) {
        do throws(DiskError) {
            let budget = try limits.budget(used: Int64(directory.usedBytes), on: disk)
            maintenance.state.withLock { state in
                state.budget = budget
                state.isShare = limits.isShare
            }
        } catch {
            directory.close()
            throw BrokerError(LogStoreError("Cannot settle how much of the disk may be used", error))
        }
    }

    private func startMaintenance(_ events: BrokerEvents) throws(LogStoreError) {
        let repeated = RepeatedFailures()
        let thread = try MaintenanceThread(
            pass: { [weak self] in
                guard let self else { return }
                for event in repeated.news(in: self.maintain(), at: self.clock.monotonic()) {
                    events.tell(BrokerEvent(event))
                }
                if self.reporter?.isDue(at: self.clock.monotonic()) == true { self.reportMetrics() }
            },
            step: { [weak self] in
                guard let self else { return false }
                let turn = self.compact()
                if repeated.isNews(turn, at: self.clock.monotonic()), let event = BrokerEvent(turn) {
                    events.tell(event)
                }
                return turn.isBusy
            })
        maintenanceThread.withLock { $0 = thread }
    }

    /// Has maintenance look again soon.
    /// - Returns: false if there is none.
    func wakeMaintenance() -> Bool {
        guard let thread = maintenanceThread.withLock(\.self) else { return false }
        thread.wake()
        return true
    }

    /// Called after every append of a client.
    func noteAppended(_ bytes: Int) {
        if maintenance.note(appended: bytes, segmentBytes: directory.configuration.segmentBytes) {
            maintenanceThread.withLock(\.self)?.wake()
        }
    }

    private func startCommitter() throws(BrokerError) {
        do throws(LogStoreError) {
            blockingWork.useThread(of: try Committer(directory))
        } catch {
            directory.close()
            throw BrokerError(error)
        }
    }

    private func startTimers() {
        groups.onDeadline { [weak self] deadline in
            self?.groupTimer.set(deadline) { [weak self] in self?.groups.fireTimers() }
        }
        transactions.onDeadline { [weak self] deadline in
            self?.transactionTimer.set(deadline) { [weak self] in self?.transactions.fireTimers() }
        }
    }

    /// What opening found and did.
    package var recovery: RecoveryReport {
        var report = directory.recovery
        report.notes += catalogue.notes + groupNotes + transactions.notes
        return report
    }

    /// Tells what opening found, and from now on what happens.
    private func begin(telling events: BrokerEvents) {
        for event in BrokerEvent.events(of: recovery) { events.tell(event) }
        directory.onEvent { events.tell(BrokerEvent($0)) }
    }

    var reporter: MetricsReporter? { metrics.withLock(\.self) }

    /// Reports to a metrics backend from now on, with every ``reportMetrics()``.
    package func report(to factory: any MetricsFactory) {
        guard let reporter = MetricsReporter(factory) else { return }
        metrics.withLock { $0 = reporter }
        directory.onRound { reporter.note($0) }
        reporter.report(recovery, took: openingTime)
    }

    /// Blocking, on any thread.
    package func reportMetrics() { reporter?.report(sample()) }

    /// Creates, alters, deletes, lists and describes topics.
    public var admin: Admin { Admin(broker: self) }

    /// The captured source of a replication slot, made when it is first asked for.
    package func source(slot: String) async throws(BrokerError) -> SourceLog {
        if let source = sources.withLock({ $0[slot] }) { return source }
        return try await blockingWork { () throws(BrokerError) in try self.sourceNow(slot: slot) }
    }

    /// ``source(slot:)`` for whoever is the committing thread.
    package func sourceNow(slot: String) throws(BrokerError) -> SourceLog {
        if let source = sources.withLock({ $0[slot] }) { return source }
        let source = try SourceLog(
            slot: slot, catalogue: catalogue, blockingWork: blockingWork, checkpointBytes: checkpointBytes)
        sources.withLock { $0[slot] = source }
        return source
    }

    /// Commits what was appended, writes the durable mark, frees the directory and ends every wait. Idempotent;
    /// afterwards everything throws `.closed`.
    public func close() async {
        await maintenanceThread.withLock(\.self)?.stop()
        groupTimer.stop()
        groups.close()
        transactionTimer.stop()
        transactions.close()
        for source in openSources { source.prepareToClose() }
        // What was counted since the last time. A broker that is closed already has nothing to add.
        if reporter != nil { try? await blockingWork { () throws(BrokerError) in self.reportMetrics() } }
        await blockingWork.stop(directory)
    }

    /// The sources that are open: all that have an index.
    var openSources: [SourceLog] {
        sources.withLock { sources in sources.sorted { $0.key < $1.key }.map(\.value) }
    }

    func sourceIfOpen(_ slot: String) -> SourceLog? { sources.withLock { $0[slot] } }

    /// Records that went although no retention asked for it, since the broker was opened.
    public var gapCounts: GapCounts { gaps.counted }
}

extension SourceLog {
    /// The captured source of a replication slot, made when it is first asked for.
    ///
    /// - Throws: `.invalidTopicName` if the slot's name cannot be part of a topic's; what the disk refuses.
    package static func open(_ broker: Broker, slot: String) async throws(BrokerError) -> SourceLog {
        try await broker.source(slot: slot)
    }
}
