import EdgeBroker
import EdgeBrokerTesting
import Foundation
import LogStore
import RecordFormat
import Synchronization

/// A broker's work on a disk that may fail once: appends to several partitions that roll, retention, offset commits and a stop in
/// the middle. Everything that was answered is noted.
///
/// Used by one thread. `@unchecked Sendable` because the log's completions, which are `@Sendable`, run on that thread, inside a
/// call that it makes.
final class FaultedPlant: @unchecked Sendable {
    static let names = [
        TopicPartition(topic: "orders", partition: 0), TopicPartition(topic: "orders", partition: 1),
        TopicPartition(topic: "alarms", partition: 0),
    ]
    static let retentionBytes = 2048

    let disk: FailingDisk
    let path: String
    private let clock = SimulatedClock()
    /// Goes on from one start to the next: a second topic with the id of a first one would be taken for it.
    private let numbers = SeededNumbers(7)
    /// By offset: what stands there, because an append said so.
    private(set) var acknowledged: [TopicPartition: [Int64: String]] = [:]
    /// Everything that was ever handed over.
    private(set) var appended: [TopicPartition: Set<String>] = [:]
    /// Offsets that were committed, and those that may have been, in order.
    private(set) var commits: [(offset: Int64, isAcknowledged: Bool)] = []
    /// What went wrong on the way that nothing explains.
    private(set) var mistakes: [String] = []
    private var number = 0
    /// Errors that somebody was answered with, or heard of.
    private(set) var answers: [String] = []

    init(_ fault: FailingDisk.Fault?, in path: String) {
        disk = FailingDisk(fault)
        self.path = path
    }

    private func open(_ disk: any Disk) throws(BrokerError) -> Broker {
        var settings = LogDirectoryConfiguration(path: path)
        settings.segmentBytes = 1024
        settings.recoveryThreads = 1
        return try Broker(settings, disk: disk, clock: clock.logClock, random: { [numbers] in numbers.next() })
    }

    /// Two lives of a process. One call fails in one of them; the next start is a good one.
    func work() async {
        for life in 0..<2 where !disk.isDead {
            defer { disk.endProcess() }
            guard let broker = open() else { return }
            broker.directory.onEvent { event in self.note(event) }
            await createTopics(broker)
            for round in 0..<7 where !disk.isDead { step(round, broker) }
            if !disk.isDead { heal(broker) }
            // The last life ends with a kill in any case. Nothing of the close reaches the disk then; it frees the descriptors.
            if life == 1 { disk.kill() }
            broker.directory.onEvent { _ in }
            broker.directory.close()
        }
    }

    /// A start that fails is tried again, as whoever watches over the process does.
    private func open() -> Broker? {
        for attempt in 0..<2 where !disk.isDead {
            do throws(BrokerError) { return try open(disk) } catch {
                answers.append("\(error)")
                if attempt > 0, !disk.isDead { mistakes.append("the second start fails as well: \(error)") }
            }
        }
        return nil
    }

    private func note(_ event: LogEvent) {
        answers.append("\(event)")
        // A buffered partition acknowledges before it syncs: a sync that loses what was written takes that back.
        guard case .closed(let partition, _) = event, partition.topicPartition.topic == "alarms" else { return }
        acknowledged[partition.topicPartition] = acknowledged[partition.topicPartition]?
            .filter { $0.key < partition.syncedEnd.rawValue }
    }

    private func createTopics(_ broker: Broker) async {
        var kept = TopicConfiguration(partitionCount: 2)
        kept.keeping.retention.bytes = Int64(Self.retentionBytes)
        let buffered = TopicConfiguration(durability: .buffered(syncEvery: .milliseconds(200)))
        for (name, configuration) in [("orders", kept), ("alarms", buffered)] {
            for attempt in 0..<2 where !disk.isDead && !broker.admin.topics().contains(where: { $0.name == name }) {
                do throws(BrokerError) {
                    try await broker.admin.createTopic(name, configuration)
                } catch {
                    answers.append("\(error)")
                    // What is left of the first try is in the way until the next start, or is taken away.
                    clock.advance(milliseconds: 1100)
                    broker.directory.runCommitRound()
                    if attempt > 0 { answers.append("the topic stays away: \(error)") }
                }
            }
        }
    }

    private func step(_ round: Int, _ broker: Broker) {
        for name in Self.names { append(to: name, broker) }
        commit(broker)
        clock.advance(milliseconds: 150)
        broker.directory.runCommitRound()
        if round % 3 == 2 {
            for case .failed(_, let error) in broker.maintain() { answers.append("\(error)") }
        }
    }

    @discardableResult
    private func append(to name: TopicPartition, _ broker: Broker) -> Bool {
        guard let partition = broker.directory.partition(name) else { return false }
        number += 1
        let value = "\(name) \(number) " + String(repeating: "v", count: 250)
        appended[name, default: []].insert(value)
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: Array(value.utf8), timestamp: clock.wall)
        let isTaken = Mutex(false)
        do throws(LogStoreError) {
            try broker.directory.stage(
                Append([Append.Batch(builder.finish(), to: partition)]) { [self] result in
                    switch result {
                    case .success(let ranges):
                        acknowledged[name, default: [:]][ranges[0].lowerBound.rawValue] = value
                        isTaken.withLock { $0 = true }
                    case .failure(let error): answers.append("\(error)")
                    }
                })
            broker.directory.runCommitRound()
        } catch {
            answers.append("\(error)")
        }
        return isTaken.withLock(\.self)
    }

    private func commit(_ broker: Broker) {
        guard broker.admin.topics().contains(where: { $0.name == "orders" }) else { return }
        number += 1
        let place = commits.count
        commits.append((Int64(number), false))
        do throws(BrokerError) {
            try broker.commitOffsetsNow(group: "mes", [Self.names[0]: CommittedOffset(Offset(Int64(number)))]) {
                [self] result in
                switch result {
                case .success: commits[place].isAcknowledged = true
                case .failure(let error): answers.append("\(error)")
                }
            }
        } catch {
            answers.append("\(error)")
        }
        broker.directory.runCommitRound()
    }

    /// After a while everything goes on, whatever failed: partitions that were closed are open again.
    private func heal(_ broker: Broker) {
        for _ in 0..<4 {
            clock.advance(milliseconds: 1500)
            broker.directory.runCommitRound()
        }
        if disk.isDead { return }
        for name in Self.names where broker.directory.partition(name) != nil {
            if !append(to: name, broker), !disk.isDead {
                // The fault may have been in just this one.
                clock.advance(milliseconds: 2500)
                broker.directory.runCommitRound()
                if !append(to: name, broker), !disk.isDead { mistakes.append("\(name) takes no appends any more") }
            }
        }
    }

    // MARK: Afterwards

    /// Everything that was acknowledged is there, on a disk that fails no more; what was not is there whole or not at all.
    func check() async -> [String] {
        var mistakes = mistakes
        do {
            let verified = try LogVerification.run(path, disk: PosixDisk())
            mistakes += verified.damages.map { "verify says \($0.description)" }
            let broker = try open(PosixDisk())
            mistakes += broker.recovery.damages.map { "the start says \($0.description)" }
            for name in Self.names { mistakes += try check(name, broker) }
            mistakes += checkCommits(broker)
            await broker.close()
            mistakes += try LogVerification.run(path, disk: PosixDisk()).damages.map {
                "then verify says \($0.description)"
            }
        } catch {
            mistakes.append("the log does not open: \(error)")
        }
        return mistakes
    }

    private func check(_ name: TopicPartition, _ broker: Broker) throws -> [String] {
        let acknowledged = acknowledged[name] ?? [:]
        guard let partition = broker.directory.partition(name) else {
            return acknowledged.isEmpty ? [] : ["\(name) is gone"]
        }
        var mistakes: [String] = []
        var found: [Int64: String] = [:]
        var decoder = RecordDecoder()
        var next = partition.logStart
        while next < partition.syncedEnd {
            next = try broker.directory.readRecords(
                partition, from: next, upTo: partition.syncedEnd, maxBytes: 1 << 16, with: &decoder
            ) { record in
                let stored = record.storedRecord()
                found[stored.offset.rawValue] = String(decoding: stored.record.value ?? [], as: UTF8.self)
            }
        }
        for (offset, value) in acknowledged where offset >= partition.logStart.rawValue && found[offset] != value {
            mistakes.append(
                "\(name) offset \(offset) was acknowledged as \(value.prefix(16)), is \(found[offset] ?? "gone")")
        }
        for (offset, value) in found where appended[name]?.contains(value) != true {
            mistakes.append("\(name) offset \(offset) was appended by nobody: \(value.prefix(16))")
        }
        if Set(found.values).count != found.count { mistakes.append("\(name) has a record twice") }
        if partition.logStart > .zero, name.topic == "alarms" || partition.sizeInBytes < Self.retentionBytes {
            mistakes.append("\(name) has lost records before their time: \(partition.sizeInBytes) bytes are left")
        }
        return mistakes
    }

    private func checkCommits(_ broker: Broker) -> [String] {
        let found = broker.committedOffsets(of: "mes")[Self.names[0]]?.offset.rawValue
        let last = commits.lastIndex(where: \.isAcknowledged)
        let allowed = commits[(last ?? 0)...].map(\.offset)
        if found == nil, last == nil { return [] }
        guard let found, allowed.contains(found) else {
            return ["the group has committed \(found ?? -1), not one of \(allowed)"]
        }
        return []
    }
}
