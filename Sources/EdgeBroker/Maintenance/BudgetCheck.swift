import LogStore
import RecordFormat
import Synchronization

/// The disk budget: makes room, and refuses appends while there is none.
extension Broker {
    func checkBudget(_ events: inout [MaintenanceEvent]) {
        let (known, isShare, wasFull) = maintenance.state.withLock { ($0.budget, $0.isShare, $0.isFull) }
        guard var budget = known else { return }
        let free = freeBytes(&events)
        let used = Int64(directory.usedBytes)
        if isShare { budget = budget.grown(free: free, used: used) }
        let isShort = used > budget.highWater || free < budget.reserve * 2
        let topics = isShort ? catalogue.all.filter { !$0.isInternal } : []
        let segments = directory.retainedSegments(of: topics.flatMap(\.partitions))
        var plan = DiskBudgetPlan(
            topics.map { budgeted($0, segments) }, budget, used: used, free: free, wasFull: wasFull)
        if drop(plan.drops, &events) < plan.drops.count {
            // What could not go is still there.
            plan = DiskBudgetPlan([], budget, used: Int64(directory.usedBytes), free: free, wasFull: wasFull)
        }
        setFull(plan.isFull, wasFull, budget, free, &events)
    }

    /// A disk that does not tell is taken for one with room: the budget counts all the same.
    private func freeBytes(_ events: inout [MaintenanceEvent]) -> Int64 {
        do throws(DiskError) {
            return try disk.freeBytes(at: directory.configuration.path)
        } catch {
            events.append(
                .failed("Cannot watch the disk", BrokerError(LogStoreError("The disk does not answer", error))))
            return .max
        }
    }

    private func budgeted(
        _ topic: Topic, _ segments: [TopicPartition: [RetainedSegment]]
    ) -> DiskBudgetPlan.Topic {
        DiskBudgetPlan.Topic(
            topic.name, priority: Int(topic.keeping.disk.priority), floorBytes: topic.keeping.disk.floorBytes,
            dropsUnread: topic.keeping.disk.whenFull == .drop,
            partitions: topic.partitions.map { partition in
                DiskBudgetPlan.Partition(
                    number: partition.topicPartition.partition,
                    segments: segments[partition.topicPartition] ?? [],
                    consumedEnd: consumedEnd(of: partition, in: topic),
                    limit: limit(of: partition, in: topic))
            })
    }

    /// - Returns: how many of them were made.
    private func drop(_ drops: [DiskBudgetPlan.Drop], _ events: inout [MaintenanceEvent]) -> Int {
        // Written down before the first goes: a loss that nobody recorded would be damage.
        let now = catalogue.now
        let gaps = drops.map { drop in
            GapRecord(
                drop.partition, start: drop.start, end: drop.end, reason: drop.wasConsumed ? .consumed : .unread,
                bytes: drop.bytes, time: now)
        }
        guard PlantedBug.gapUnrecorded.isActive || write(gaps, &events) else { return 0 }
        var made = 0
        for drop in drops {
            attempt("Cannot make room in \(drop.partition)", &events) { () throws(BrokerError) in
                try delete(try catalogue.partition(drop.partition), below: drop.end, rollsActive: drop.rollsActive)
                made += 1
            }
        }
        return made
    }

    private func setFull(
        _ isFull: Bool, _ wasFull: Bool, _ budget: DiskBudget, _ free: Int64, _ events: inout [MaintenanceEvent]
    ) {
        maintenance.state.withLock { $0.isFull = isFull }
        if isFull {
            let used = Int64(directory.usedBytes)
            let reason =
                used > budget.highWater
                ? "The disk budget of \(budget.bytes) bytes is used up: topics take \(used), and nothing of them may go."
                : "Only \(free) bytes are free on the disk of \(directory.configuration.path)."
            let remedy =
                "Make room, raise disk.budget, or let what is held be read; appends are taken again by themselves then."
            directory.setFull(LogStoreError(.noSpace, reason, remedy: remedy))
            if !wasFull { events.append(.full(reason)) }
            return
        }
        if wasFull {
            directory.setFull(nil)
            events.append(.roomAgain)
            for source in openSources { source.tellRoom() }
        }
        if free > budget.reserve * 2 {
            do throws(LogStoreError) { try directory.holdReserve() } catch {
                events.append(.failed("Cannot fill the reserve", BrokerError(error)))
            }
        }
    }
}
