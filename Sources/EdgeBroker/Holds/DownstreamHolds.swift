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

    /// Nothing of a partition at or above it may go: the high watermark, and what a downstream or a flow still needs.
    func limit(of partition: Partition, in topic: Topic) -> Offset {
        let needed = needed(of: partition.topicPartition, in: topic)
        return min(directory.highWatermark(of: partition), needed ?? Offset(.max))
    }

    /// What is below it every known downstream, flow and group has had; `nil`: nobody is known to read it.
    func consumedEnd(of partition: Partition, in topic: Topic) -> Offset? {
        let name = partition.topicPartition
        return [needed(of: name, in: topic), committed.lowest(of: name)].compactMap { $0 }.min()
    }

    private func needed(of name: TopicPartition, in topic: Topic) -> Offset? {
        var needed = [holds.lowest(of: name)]
        if let slot = topic.owner {
            // A source that is not open yet has told nothing: everything is needed.
            if let source = sourceIfOpen(slot) {
                needed.append(source.flowsEnd(of: name))
            } else {
                needed.append(.zero)
            }
        }
        return needed.compactMap { $0 }.min()
    }
}
