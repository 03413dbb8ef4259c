import LogStore
import RecordFormat
import Synchronization

/// Retention over all topics.
extension Broker {
    func sweep(_ events: inout [MaintenanceEvent]) {
        let now = PlantedBug.retentionByCalendar.isActive ? catalogue.now : appendTime.now
        let topics = catalogue.all
        let segments = directory.retainedSegments(of: topics.flatMap(\.partitions))
        for topic in topics {
            if topic.isInternal, let slot = topic.owner {
                sweepIndex(of: slot, segments, &events)
            } else if topic.keeping.cleanup.deletes {
                sweep(topic, segments, at: now, &events)
            }
        }
        for source in openSources { findGaps(of: source, &events) }
    }

    private typealias Segments = [TopicPartition: [RetainedSegment]]

    private func sweep(_ topic: Topic, _ all: Segments, at now: Timestamp, _ events: inout [MaintenanceEvent]) {
        let limits = RetentionPlan.Limits(age: topic.keeping.retention.age, bytes: topic.keeping.retention.bytes)
        if limits == RetentionPlan.Limits() { return }
        for partition in topic.partitions {
            guard let segments = all[partition.topicPartition] else { continue }
            let limit = limit(of: partition, in: topic)
            guard let plan = RetentionPlan(segments, limits, at: now, below: limit) else { continue }
            delete(partition, below: plan.logStart, rollsActive: plan.rollsActive, &events)
        }
    }

    private func delete(
        _ partition: Partition, below start: Offset, rollsActive: Bool, _ events: inout [MaintenanceEvent]
    ) {
        let name = partition.topicPartition
        var isDone = false
        attempt("Cannot delete the oldest records of \(name)", &events) { () throws(BrokerError) in
            try delete(partition, below: start, rollsActive: rollsActive)
            isDone = true
        }
        if isDone { events.append(.deleted(name, below: start)) }
    }

    /// An index keeps its last checkpoint and what any flow needs, so it never loses its last record.
    private func sweepIndex(of slot: String, _ all: Segments, _ events: inout [MaintenanceEvent]) {
        guard let source = sourceIfOpen(slot), let limit = source.indexLimit else { return }
        let closed = all[source.index.topicPartition]?.dropLast()
        guard closed?.contains(where: { $0.nextOffset <= limit }) == true else { return }
        delete(source.index, below: limit, rollsActive: false, &events)
    }

    /// A flow that needs what is gone: each is told and recorded once.
    private func findGaps(of source: SourceLog, _ events: inout [MaintenanceEvent]) {
        var gaps: [GapRecord] = []
        for partition in source.partitions + [source.index] {
            let name = partition.topicPartition
            let start = partition.logStart
            for (flow, needed) in source.needed(of: name) where needed < start {
                let isNew = maintenance.state.withLock {
                    $0.knownGaps.insert("\(flow) \(name) \(needed) \(start)").inserted
                }
                if isNew {
                    gaps.append(
                        GapRecord(name, start: needed, end: start, reason: .missing, bytes: 0, time: catalogue.now))
                }
            }
        }
        write(gaps, &events)
    }

    /// - Returns: whether they are written down.
    @discardableResult
    func write(_ gaps: [GapRecord], _ events: inout [MaintenanceEvent]) -> Bool {
        if gaps.isEmpty { return true }
        var isWritten = false
        attempt("Cannot write to \(GapRecord.topic)", &events) { () throws(BrokerError) in
            try blockingWork.now { () throws(BrokerError) in try self.gaps.write(gaps) }
            isWritten = true
        }
        if isWritten { events += gaps.map { .gap($0) } }
        return isWritten
    }
}
