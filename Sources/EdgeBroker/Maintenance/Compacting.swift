import LogStore
package import RecordFormat
import Synchronization

/// Compaction of one partition after the other, in steps.
struct CompactionTurns {
    /// Between two looks at which partitions are due: each look reads their seals.
    static let lookInterval = Duration.seconds(10)

    var run: CompactionRun?
    /// Partitions to look at before the next round of looks.
    var queue: [(partition: Partition, policy: CompactionPolicy)] = []
    var lookAt: Duration?

    /// Lets go of a topic that is about to be deleted: what a run still wrote would go into the folder of the next one of its name.
    mutating func drop(_ topic: Topic) {
        if let run, topic.partitions.contains(where: { $0 === run.partition }) { self.run = nil }
        queue.removeAll { entry in topic.partitions.contains { $0 === entry.partition } }
    }
}

/// What a step of compaction came to.
package enum CompactionTurn: Sendable {
    /// No partition is due.
    case idle
    /// There is more to do.
    case working
    case finished(TopicPartition, bytesBefore: Int, bytesAfter: Int)
    /// The partition is sound and partly compacted; it is tried again later.
    case failed(TopicPartition, BrokerError)

    /// Whether another step may find something to do at once.
    package var isBusy: Bool { if case .idle = self { false } else { true } }
}

extension Broker {
    /// A bounded step of compaction, about a megabyte read and written: goes on with the partition in hand, or takes the next one
    /// that is due. Blocking; beside ``maintain()``, by the same thread.
    package func compact() -> CompactionTurn {
        let turn = takeTurn()
        reporter?.count(turn)
        return turn
    }

    private func takeTurn() -> CompactionTurn {
        maintenance.compaction.withLock { turns in
            if turns.run == nil, let turn = begin(&turns) { return turn }
            guard let run = turns.run else { return .idle }
            let name = run.partition.topicPartition
            do throws(LogStoreError) {
                guard case .finished(let report) = try run.step() else { return .working }
                turns.run = nil
                return .finished(name, bytesBefore: report.bytesBefore, bytesAfter: report.bytesAfter)
            } catch {
                turns.run = nil
                return .failed(name, BrokerError(error))
            }
        }
    }

    /// Takes the next partition that is due.
    /// - Returns: why there is none to step on with.
    private func begin(_ turns: inout CompactionTurns) -> CompactionTurn? {
        if turns.queue.isEmpty {
            let now = clock.monotonic()
            if let lookAt = turns.lookAt, now < lookAt { return .idle }
            turns.lookAt = now + CompactionTurns.lookInterval
            turns.queue = catalogue.all.filter(\.keeping.cleanup.compacts).flatMap { topic in
                topic.partitions.map { ($0, policy(of: topic)) }
            }
        }
        while let (partition, policy) = turns.queue.popLast() {
            do throws(LogStoreError) {
                turns.run = try CompactionRun(
                    partition, of: directory, policy, at: appendTime.now,
                    below: directory.highWatermark(of: partition), random: random)
                if turns.run != nil { return nil }
            } catch {
                return .failed(partition.topicPartition, BrokerError(error))
            }
        }
        return .idle
    }

    private func policy(of topic: Topic) -> CompactionPolicy {
        var policy = CompactionPolicy()
        policy.minimumLag = topic.keeping.compaction.minimumLag
        policy.maximumLag = topic.keeping.compaction.maximumLag
        policy.deleteRetention = topic.keeping.compaction.tombstones
        policy.dirtyRatio = topic.keeping.compaction.dirtyRatio
        policy.segmentBytes = topic.keeping.segments.bytes ?? directory.configuration.segmentBytes
        return policy
    }
}
