import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// One seed: producers, and a broker that loses power, is killed, stops and starts again under them.
///
/// Used by one thread. `@unchecked Sendable` because the log's completions, which are `@Sendable`, write here; they run on that
/// thread too, inside a call that it makes.
final class Plant: @unchecked Sendable {
    private static let directory = "/plant/data"

    let clock = SimulatedClock()
    var generator: SeededGenerator
    var ledger = Ledger()
    var totals = Totals()
    var producerIDs: Set<Int64> = []
    let partitions: [TopicPartition]
    /// The broker has just started.
    private(set) var isFresh = false
    private var idempotent: [IdempotentClient] = []
    private var transactional: [TransactionalClient] = []
    private var violation: Violation?
    private var mayFail = false
    private let segmentBytes: Int
    private var broker: Broker?

    private init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        partitions = (0..<Int32(generator.within(2...3))).map { TopicPartition(topic: "orders", partition: $0) }
        segmentBytes = generator.element(of: [1024, 2048, 4096, 65_536])
        self.generator = generator
        idempotent = (0..<2).map { _ in IdempotentClient(self, self.generator.element(of: partitions)) }
        transactional = (0..<self.generator.within(1...3)).map { TransactionalClient(self, "client-\($0)") }
    }

    static func run(seed: UInt64) async -> (totals: Totals, violation: Violation?) {
        let plant = Plant(seed: seed)
        do throws(Violation) { try await plant.run() } catch { plant.fail(error) }
        plant.totals.decidedByRecovery = plant.ledger.settled
        return (plant.totals, plant.violation)
    }

    func fail(_ violation: Violation) { if self.violation == nil { self.violation = violation } }

    /// A failure needs a reason that the simulation knows of.
    func noteFailure(_ what: String) { if !mayFail { fail(Violation("on a good disk \(what)")) } }

    func acknowledge(_ value: String, _ offset: Offset, in partition: TopicPartition) {
        totals.appended += 1
        do throws(Violation) { try ledger.acknowledge(value, at: offset) } catch { fail(error) }
    }

    // MARK: Lives

    private func run() async throws(Violation) {
        var disk = SimulatedDisk(seed: generator.next())
        let lives = generator.within(6...14)
        for life in 0..<lives {
            let isLast = life == lives - 1
            if !isLast, generator.chance(800) {
                disk.powerCutAt = generator.within(1...generator.element(of: [20, 60, 200, 500]))
            }
            if !isLast, generator.chance(100) { disk.faults.syncs = 60 }
            mayFail = disk.faults.syncs > 0
            if let broker = try await open(on: disk) {
                isFresh = true
                for client in idempotent { client.resend(broker) }
                try work(broker, disk, steps: generator.within(10...120))
                if isLast { try finish(broker, disk) }
            }
            if let violation, disk.isPowered || isLast { throw violation }
            violation = nil
            disk = try end(disk, isLast: isLast)
        }
    }

    /// - Returns: `nil` if power was lost meanwhile.
    private func open(on disk: SimulatedDisk) async throws(Violation) -> Broker? {
        let random = Mutex(generator.fork())
        var configuration = LogDirectoryConfiguration(path: Self.directory)
        configuration.segmentBytes = segmentBytes
        configuration.recoveryThreads = 1
        for _ in 0..<8 {
            do throws(BrokerError) {
                let broker = try Broker(
                    configuration, disk: disk, clock: clock.logClock, random: { random.withLock { $0.next() } })
                self.broker = broker
                if !broker.admin.topics().contains(where: { $0.name == "orders" }) {
                    _ = try await broker.admin.createTopic(
                        "orders", TopicConfiguration(partitionCount: Int32(partitions.count)))
                }
            } catch {
                if !disk.isPowered { return nil }
                if !mayFail { throw Violation("the broker does not open: \(error)") }
                broker?.directory.close()
                broker = nil
            }
            guard let broker else { continue }
            if let damage = broker.recovery.damages.first { throw Violation("recovery calls it damage: \(damage)") }
            if disk.isPowered { try check(broker) }
            return broker
        }
        throw Violation("the broker does not open")
    }

    private func work(_ broker: Broker, _ disk: SimulatedDisk, steps: Int) throws(Violation) {
        for step in 0..<steps {
            if step > 12 { isFresh = false }
            switch generator.below(100) {
            case 0..<25: generator.element(of: idempotent).step(broker)
            case 25..<70: try generator.element(of: transactional).step(broker)
            case 70..<93: broker.directory.runCommitRound()
            case 93..<97: clock.advance(milliseconds: Int64(generator.within(1...1500)))
            case 97: broker.transactions.fireTimers()
            default: if disk.isPowered { try check(broker) }
            }
            if !disk.isPowered { return }
            if let violation { throw violation }
        }
    }

    private func end(_ disk: SimulatedDisk, isLast: Bool) throws(Violation) -> SimulatedDisk {
        let next: SimulatedDisk
        mayFail = true
        switch disk.isPowered && !isLast ? generator.below(10) : 9 {
        case 0...1:
            next = disk.afterKill()
            totals.kills += 1
        case 2:
            broker?.directory.close()
            next = disk.afterKill()
            totals.cleanStops += 1
        default:
            next = disk.afterPowerCut()
            totals.powerCuts += 1
            if transactional.contains(where: \.isOpen) { totals.cutsWithOpenTransaction += 1 }
            if transactional.contains(where: \.isEnding) { totals.cutsWithUnansweredEnd += 1 }
            if transactional.contains(where: \.isCommittingOffsets) { totals.cutsWithUnansweredOffsets += 1 }
        }
        broker = nil
        for client in idempotent { client.restart() }
        for client in transactional { try client.restart() }
        violation = nil
        clock.advance(milliseconds: Int64(generator.within(0...500)))
        return next
    }

    /// Whatever is open comes to an end, and then there is nothing that is not known.
    private func finish(_ broker: Broker, _ disk: SimulatedDisk) throws(Violation) {
        for client in transactional { try client.restart(dies: true) }
        for _ in 0..<4 {
            clock.advance(milliseconds: 61_000)
            broker.transactions.fireTimers()
            for _ in 0..<4 { broker.directory.runCommitRound() }
        }
        for name in partitions {
            guard let partition = broker.directory.partition(name) else { throw Violation("\(name) is gone") }
            if try stableOffset(of: partition, broker) != broker.directory.highWatermark(of: partition) {
                throw Violation("\(name) has a transaction that nobody ends")
            }
        }
        // Twice: what the first look finds out about one partition must be true of the others.
        for _ in 0..<2 { try check(broker) }
    }

    // MARK: Checks

    private func check(_ broker: Broker) throws(Violation) {
        for name in partitions {
            guard let partition = broker.directory.partition(name) else { throw Violation("\(name) is gone") }
            let end = broker.directory.highWatermark(of: partition)
            do throws(LogStoreError) {
                let all = try read(partition, below: end, .uncommitted, broker)
                let stable = try broker.directory.findStableOffset(of: partition)
                let committed = try read(partition, below: stable, .committed, broker)
                do throws(Violation) {
                    try ledger.checkAll(all, of: name)
                    try ledger.checkCommitted(committed, of: name, below: stable)
                } catch {
                    throw LogStoreError(.corrupt, error.description, remedy: "violation")
                }
            } catch {
                if error.remedy == "violation" { throw Violation(error.message) }
                if !mayFail { throw Violation("\(name) cannot be read: \(error)") }
            }
        }
        for client in transactional {
            let offset = committedOffset(of: client.id, broker)
            // One that is decided, and whose markers the disk has refused so far, is committed and does not count yet.
            let isDecided = broker.transactions.describe(client.id)?.decision != nil
            try ledger.checkOffset(offset, among: client.own, of: client.id, mayBeBehind: mayFail && isDecided)
        }
    }

    private func stableOffset(of partition: Partition, _ broker: Broker) throws(Violation) -> Offset {
        do throws(LogStoreError) {
            return try broker.directory.findStableOffset(of: partition)
        } catch {
            throw Violation("\(partition.topicPartition) has no last stable offset: \(error)")
        }
    }

    private func read(
        _ partition: Partition, below end: Offset, _ isolation: Isolation, _ broker: Broker
    ) throws(LogStoreError) -> [(offset: Offset, value: String)] {
        var found: [(offset: Offset, value: String)] = []
        var decoder = RecordDecoder()
        var next = partition.logStart
        while next < end {
            let reached = try broker.directory.readRecords(
                partition, from: next, upTo: end, maxBytes: 1 << 20, isolation: isolation, with: &decoder
            ) { slices in
                let record = slices.storedRecord()
                found.append((record.offset, String(decoding: record.record.value ?? [], as: UTF8.self)))
            }
            if reached <= next { break }
            next = reached
        }
        return found
    }

    // MARK: Bytes

    func batch(_ value: String, _ producer: ProducerIdentity, sequence: Int32, isTransactional: Bool) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: Array(value.utf8), timestamp: clock.wall)
        var batch = builder.finish()
        batch.setProducer(
            id: producer.id, epoch: producer.epoch, sequence: sequence, isTransactional: isTransactional)
        return batch
    }
}
