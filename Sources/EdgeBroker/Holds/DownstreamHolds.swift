import LogStore
package import RecordFormat
import Synchronization

/// What downstreams still need, by their own word since the broker was opened. Retention, the disk budget and `DeleteRecords` never go
/// past it.
final class DownstreamHolds: Sendable {
    private let positions = Mutex<[String: [TopicPartition: Offset]]>([:])

    func set(_ downstream: String, _ offsets: [TopicPartition: Offset]) {
        positions.withLock { $0[downstream, default: [:]].merge(offsets, uniquingKeysWith: { _, new in new }) }
    }

    func remove(_ downstream: String) { positions.withLock { $0[downstream] = nil } }

    /// The lowest offset that somebody needs of a partition; `nil` if nobody does.
    func lowest(of name: TopicPartition) -> Offset? {
        positions.withLock { positions in positions.values.compactMap { $0[name] }.min() }
    }
}

extension Broker {
    /// Says that `downstream` still needs the records from these offsets on; to say it again moves them. It holds until
    /// ``forget(downstream:)`` or until the broker is closed.
    package func needs(_ downstream: String, from offsets: [TopicPartition: Offset]) { holds.set(downstream, offsets) }

    /// `downstream` needs nothing any more.
    package func forget(downstream: String) { holds.remove(downstream) }

    /// How far records of a partition may go, and how far every known downstream has read.
    struct Reach {
        /// Nothing at or above it may go.
        var limit: Offset
        /// `nil`: nobody is known to read it.
        var consumedEnd: Offset?
    }

    func reach(of partition: Partition, in topic: Topic) -> Reach {
        let name = partition.topicPartition
        var reach = Reach(limit: directory.highWatermark(of: partition), consumedEnd: nil)
        if let hold = holds.lowest(of: name) {
            reach.limit = min(reach.limit, hold)
            reach.consumedEnd = hold
        }
        if let slot = topic.owner {
            let source = sourceIfOpen(slot)
            if let end = source?.flowsEnd(of: name) ?? (source == nil ? .zero : nil) {
                reach.limit = min(reach.limit, end)
                reach.consumedEnd = min(reach.consumedEnd ?? end, end)
            }
        }
        if let committed = committed.lowest(of: name) {
            reach.consumedEnd = min(reach.consumedEnd ?? committed, committed)
        }
        return reach
    }
}
