import LogStore
import RecordFormat

/// The partitions that a consumer reads at the moment, how far it is in each, and whose turn it is.
///
/// Every partition that has something to read gets its turn before one gets a second.
struct ConsumerPositions: Sendable {
    struct Place: Sendable {
        let partition: Partition
        var next: Offset
        /// Of an assignment that no other one has: a batch read under an earlier one cannot be committed.
        let assignment: UInt64
        var isPaused = false

        var name: TopicPartition { partition.topicPartition }
    }

    private(set) var places: [Place] = []
    private var turn = 0
    private var assignments: UInt64 = 0

    var partitions: [TopicPartition] { places.map(\.name) }

    func place(of name: TopicPartition) -> Place? { places.first { $0.name == name } }

    /// Gives partitions up.
    mutating func keep(_ kept: Set<TopicPartition>) {
        places.removeAll { !kept.contains($0.name) }
        turn = 0
    }

    mutating func add(_ partition: Partition, at next: Offset) {
        assignments += 1
        places.append(Place(partition: partition, next: next, assignment: assignments))
    }

    /// - Returns: false if the partition is not this consumer's.
    mutating func change(_ name: TopicPartition, _ body: (inout Place) -> Void) -> Bool {
        guard let index = places.firstIndex(where: { $0.name == name }) else { return false }
        body(&places[index])
        return true
    }

    /// The next partition, by turns, that `hasMore` says has something to read. It is its turn again last of all.
    mutating func takeTurn(where hasMore: (Place) -> Bool) -> Place? {
        for step in places.indices {
            let index = (turn + step) % places.count
            if places[index].isPaused || !hasMore(places[index]) { continue }
            turn = (index + 1) % places.count
            return places[index]
        }
        return nil
    }

    /// A batch was read up to `next`.
    /// - Returns: false if the partition was given up, or sought in, meanwhile: then the batch is nobody's.
    mutating func advance(_ place: Place, to next: Offset) -> Bool {
        guard
            let index = places.firstIndex(where: {
                $0.assignment == place.assignment && $0.next == place.next && !$0.isPaused
            })
        else { return false }
        places[index].next = next
        return true
    }
}
