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
    var unanswered = 0
    private(set) var isStopping = false
    var hasOffsetsTopic = false
    var capture = CaptureState()

    var directory: LogDirectory { broker.directory }

    init(plant: Plant, broker: Broker, disk: SimulatedDisk) {
        self.plant = plant
        self.broker = broker
        self.disk = disk
        hasFailed = !disk.faults.isNone || disk.capacity != .max || plant.scenario.budget != nil
    }

    /// Checks what recovery left, and creates what is still missing.
    func start() async throws(Violation) {
        try inspect()
        hasOffsetsTopic = plant.topicIDs["__consumer_offsets"] != nil
        disk.duringSync { [self] in whileFlushing() }
        for topic in plant.scenario.topics { try await create(topic) }
        try startCapture()
    }

    /// Called in the middle of a flush. What happens here is not covered by it.
    private func whileFlushing() {
        guard disk.isPowered, plant.violation == nil else { return }
        do throws(Violation) {
            if plant.generator.chance(300) { try probe() }
            if plant.generator.chance(plant.scenario.appendsDuringSync) {
                switch plant.generator.below(10) {
                case 0..<5: try append(isFlushing: true)
                case 5..<9: try captureWhileFlushing()
                // The first one makes a topic, which a flush is no time for.
                default: if hasOffsetsTopic { try commitOffsets() }
                }
            }
        } catch {
            plant.fail(error)
        }
    }

    func work(steps: Int) async throws(Violation) {
        for _ in 0..<steps {
            if plant.generator.chance(10) {
                try await create(
                    Scenario.Topic(
                        name: "extra-\(plant.generator.below(2))", partitions: 1, keeping: Keeping(.everything)))
            }
            try step()
            if let violation = plant.violation { throw violation }
            if !disk.isPowered { return }
            try probe()
        }
    }

    /// Does one thing.
    func step() throws(Violation) {
        switch plant.generator.below(100) {
        case 0..<32: try append()
        case 32..<52: try captureStep()
        case 52..<58: try commitOffsets()
        case 58..<78: directory.runCommitRound()
        case 78..<84: plant.clock.advance(milliseconds: Int64(plant.generator.within(1...150)))
        case 84..<86: plant.clock.advance(milliseconds: Int64(plant.generator.within(900...12_000)))
        case 86..<88: jumpInTime()
        case 88..<91: try deleteRecords()
        case 91..<94: try maintain()
        case 94..<97: compact()
        default: try probe()
        }
    }

    private func jumpInTime() {
        plant.totals[.clockJumps] += 1
        let years = Int64(plant.generator.within(-60...80))
        plant.clock.setWall(
            Timestamp(millisecondsSince1970: plant.clock.wall.millisecondsSince1970 + years * 31_557_600_000))
    }

    // MARK: Topics

    private func create(_ topic: Scenario.Topic) async throws(Violation) {
        if plant.topicIDs[topic.name] != nil || !disk.isPowered { return }
        plant.attempted.insert(topic.name)
        do throws(BrokerError) {
            let made = try await broker.admin.createTopic(
                topic.name,
                topic.keeping.configuration(partitions: topic.partitions, segmentBytes: plant.scenario.segmentBytes))
            plant.totals[.topicsCreated] += 1
            adopt(made)
        } catch {
            try allowFailure(error, "topic \(topic.name) could not be created")
        }
    }

    func adopt(_ topic: TopicDescription) {
        plant.topicIDs[topic.name] = topic.id
        if topic.name.hasPrefix("__") { return }
        if topic.owner != nil { return plant.source.add(topic: topic.name) }
        for partition in topic.partitions {
            plant.add(
                PartitionLedger(
                    TopicPartition(topic: topic.name, partition: partition.index), plant.keeping(of: topic.name)))
        }
    }

    /// Every topic that was acknowledged is there, and none that nobody asked for.
    func adoptTopics() throws(Violation) {
        let found = broker.admin.topics()
        var missing = Set(plant.topicIDs.keys)
        for topic in found {
            if let id = plant.topicIDs[topic.name] {
                if id != topic.id { throw Violation("topic \(topic.name) has another id after a restart") }
                missing.remove(topic.name)
            } else if plant.attempted.contains(topic.name) || Self.own.contains(topic.name) {
                adopt(topic)
            } else {
                throw Violation("topic \(topic.name) was never created")
            }
        }
        if let name = missing.sorted().first { throw Violation("topic \(name) is gone: \(broker.recovery.notes)") }
    }

    /// Topics that the broker makes by itself.
    private static let own: Set<String> = ["__gaps", "__consumer_offsets"]

    // MARK: Ending

    /// After the faults are over, everything must go on by itself.
    func heal() async throws(Violation) {
        disk.mend()
        disk.duringSync(nil)
        for _ in 0..<4 {
            plant.clock.advance(milliseconds: 61_000)
            directory.runCommitRound()
        }
        if plant.scenario.budget != nil { broker.maintain() }
        try probe()
        hasFailed = plant.scenario.budget != nil
        for topic in plant.scenario.topics { try await create(topic) }
        for ledger in plant.partitions { try append(to: [ledger.name]) }
        try healCapture()
        try commitOffsets()
        directory.runCommitRound()
        if let violation = plant.violation { throw violation }
        if unanswered != 0 { throw Violation("\(unanswered) appends have no answer after a commit round") }
        try inspect()
    }

    /// A clean stop.
    /// - Returns: whether the next start must find it so.
    func stop() async throws(Violation) -> Bool {
        isStopping = true
        await broker.close()
        if let violation = plant.violation { throw violation }
        if unanswered != 0, disk.isPowered {
            throw Violation("\(unanswered) appends have no answer after a clean stop")
        }
        plant.totals[.cleanStops] += 1
        return disk.isPowered && disk.faults.isNone && disk.capacity == .max && !hasFailed
    }

    /// The process is gone. Nobody is told anything any more.
    func end() {
        isStopping = true
        disk.losePower()
        disk.beforeOperation(nil)
        disk.duringSync(nil)
        disk.onOperation(nil)
        // What waits for an answer holds on to this.
        directory.close()
    }

    /// A failure needs a reason that the simulation knows of.
    func allowFailure(_ error: any Error, _ what: String) throws(Violation) {
        if isStopping { return }
        plant.totals[.refusals] += 1
        if !hasFailed, disk.isPowered { throw Violation("\(what) on a good disk: \(error)") }
        hasFailed = true
    }
}
