import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// One life of the broker: from an open folder to a cut, a kill or a clean stop.
///
/// Used by one thread; `@unchecked Sendable` as ``Plant`` is.
final class Life: @unchecked Sendable {
    let plant: Plant
    let broker: Broker
    let disk: SimulatedDisk
    /// A partition may be closed: something has failed in this life.
    var hasFailed: Bool
    /// Appends that wait for their completion.
    private var unanswered = 0
    private var isStopping = false
    var capture = CaptureState()

    var directory: LogDirectory { broker.directory }

    init(plant: Plant, broker: Broker, disk: SimulatedDisk) {
        self.plant = plant
        self.broker = broker
        self.disk = disk
        hasFailed = !disk.faults.isNone || disk.capacity != .max
    }

    /// Checks what recovery left, and creates what is still missing.
    func start() async throws(Violation) {
        if let damage = broker.recovery.damages.first {
            throw Violation("recovery calls it damage: \(damage.description)")
        }
        try adoptTopics()
        try checkEverything()
        disk.duringSync { [self] in whileFlushing() }
        for (name, count) in plant.scenario.topics { try await create(name, count) }
        try startCapture()
    }

    /// Called in the middle of a flush. What happens here is not covered by it.
    private func whileFlushing() {
        guard disk.isPowered, plant.violation == nil else { return }
        do throws(Violation) {
            if plant.generator.chance(300) { try probe() }
            if plant.generator.chance(plant.scenario.appendsDuringSync) {
                if plant.generator.chance(500) { try append() } else { try captureWhileFlushing() }
            }
        } catch {
            plant.fail(error)
        }
    }

    func work(steps: Int) async throws(Violation) {
        for _ in 0..<steps {
            switch plant.generator.below(100) {
            case 0..<30: try append()
            case 30..<60: try captureStep()
            case 60..<85: directory.runCommitRound()
            case 85..<92: plant.clock.advance(milliseconds: Int64(plant.generator.within(1...150)))
            case 92..<95: plant.clock.advance(milliseconds: Int64(plant.generator.within(900...5000)))
            case 95: try await create("extra-\(plant.generator.below(6))", 1)
            default: try probe()
            }
            if let violation = plant.violation { throw violation }
            if !disk.isPowered { return }
            try probe()
        }
    }

    // MARK: Topics

    private func create(_ name: String, _ count: Int32) async throws(Violation) {
        if plant.topicIDs[name] != nil || !disk.isPowered { return }
        plant.attempted.insert(name)
        do throws(BrokerError) {
            let topic = try await broker.admin.createTopic(name, TopicConfiguration(partitionCount: count))
            plant.totals.topicsCreated += 1
            adopt(topic)
        } catch {
            try allowFailure(error, "topic \(name) could not be created")
        }
    }

    func adopt(_ topic: TopicDescription) {
        plant.topicIDs[topic.name] = topic.id
        for partition in topic.partitions where topic.owner == nil {
            let name = TopicPartition(topic: topic.name, partition: partition.index)
            if plant.partitions[name] == nil { plant.partitions[name] = PartitionLedger(name) }
        }
        if topic.owner != nil, !topic.name.hasPrefix("__") { plant.source.add(topic: topic.name) }
    }

    /// Every topic that was acknowledged is there, and none that nobody asked for.
    private func adoptTopics() throws(Violation) {
        let found = broker.admin.topics()
        for topic in found {
            if let id = plant.topicIDs[topic.name] {
                if id != topic.id { throw Violation("topic \(topic.name) has another id after a restart") }
            } else if plant.attempted.contains(topic.name) {
                adopt(topic)
            } else {
                throw Violation("topic \(topic.name) was never created")
            }
        }
        for name in plant.topicIDs.keys.sorted() where !found.contains(where: { $0.name == name }) {
            throw Violation("topic \(name) is gone: \(broker.recovery.notes)")
        }
    }

    // MARK: Appending

    /// Appends to one partition, sometimes to several as one.
    func append() throws(Violation) {
        let names = plant.partitions.keys.sorted { "\($0)" < "\($1)" }
        if names.isEmpty { return }
        let count = plant.generator.chance(250) ? plant.generator.within(1...names.count) : 1
        var batches: [(name: TopicPartition, numbers: [Int])] = []
        for name in names.shuffled(using: &plant.generator).prefix(count) {
            batches.append((name, plant.nextNumbers(plant.generator.within(1...4))))
        }
        try append(batches)
    }

    func append(_ batches: [(name: TopicPartition, numbers: [Int])]) throws(Violation) {
        var parts: [Append.Batch] = []
        for (name, numbers) in batches {
            guard let partition = directory.partition(name) else { throw Violation("\(name) is gone") }
            parts.append(Append.Batch(plant.factory.batch(numbers), to: partition))
        }
        let answer = Answer()
        do throws(LogStoreError) {
            let ranges = try directory.stage(
                Append(parts) { [self] result in
                    unanswered -= 1
                    do throws(Violation) { try complete(batches, answer, result) } catch { plant.fail(error) }
                })
            unanswered += 1
            answer.ranges = ranges
            for (batch, range) in zip(batches, ranges) {
                plant.partitions[batch.name]?.stage(batch.numbers, at: Int(range.lowerBound.rawValue))
            }
        } catch {
            try allowFailure(error, "an append was refused")
        }
    }

    /// What an append was promised, so that its completion can be held against it.
    private final class Answer: @unchecked Sendable {
        var ranges: [Range<Offset>] = []
        var isAnswered = false
    }

    private func complete(
        _ batches: [(name: TopicPartition, numbers: [Int])], _ answer: Answer,
        _ result: Result<[Range<Offset>], LogStoreError>
    ) throws(Violation) {
        if answer.isAnswered { throw Violation("an append was answered twice") }
        answer.isAnswered = true
        switch result {
        case .failure(let error):
            try allowFailure(error, "an append failed")
            for (batch, range) in zip(batches, answer.ranges) {
                try plant.partitions[batch.name]?.refuse(batch.numbers, at: Int(range.lowerBound.rawValue))
            }
        case .success(let ranges):
            if ranges != answer.ranges { throw Violation("an append was given \(answer.ranges), then \(ranges)") }
            plant.totals.acknowledgedAppends += 1
            for (batch, range) in zip(batches, ranges) {
                plant.totals.acknowledgedRecords += batch.numbers.count
                try plant.partitions[batch.name]?.settle(
                    batch.numbers, at: Int(range.lowerBound.rawValue), "an append was acknowledged with")
                guard let partition = directory.partition(batch.name),
                    directory.highWatermark(of: partition) >= range.upperBound
                else { throw Violation("\(batch.name) offset \(range.lowerBound): acknowledged and not yet readable") }
            }
        }
    }

    /// A failure needs a reason that the simulation knows of.
    func allowFailure(_ error: any Error, _ what: String) throws(Violation) {
        plant.totals.refusedAppends += 1
        if isStopping { return }
        if !hasFailed, disk.isPowered { throw Violation("\(what) on a good disk: \(error)") }
        hasFailed = true
    }

    // MARK: Ending

    /// After the faults are over, everything must go on by itself.
    func heal() async throws(Violation) {
        disk.mend()
        disk.duringSync(nil)
        for _ in 0..<4 {
            plant.clock.advance(milliseconds: 61_000)
            directory.runCommitRound()
        }
        hasFailed = false
        for (name, count) in plant.scenario.topics { try await create(name, count) }
        for name in plant.partitions.keys.sorted(by: { "\($0)" < "\($1)" }) {
            try append([(name, plant.nextNumbers(2))])
        }
        try healCapture()
        directory.runCommitRound()
        if let violation = plant.violation { throw violation }
        if unanswered != 0 { throw Violation("\(unanswered) appends have no answer after a commit round") }
        try checkEverything()
    }

    /// A clean stop.
    func stop() {
        isStopping = true
        directory.close()
        if unanswered != 0, disk.isPowered {
            plant.fail(Violation("\(unanswered) appends have no answer after a clean stop"))
        }
    }
}
