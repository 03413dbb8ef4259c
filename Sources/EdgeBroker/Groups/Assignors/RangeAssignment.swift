import RecordFormat

/// Kafka's range assignor: a topic's partitions in order, in runs that differ by one at most, to those who are subscribed to it.
enum RangeAssignment {
    static func assign(_ members: [AssignedMember], _ counts: [String: Int32]) -> [String: [TopicPartition]] {
        var assigned = MemberOrder.nothing(for: members)
        let ordered = members.sorted(by: MemberOrder.precedes)
        for (topic, count) in counts.sorted(by: { $0.key < $1.key }) {
            let readers = ordered.filter { $0.topics.contains(topic) }
            if readers.isEmpty { continue }
            let (share, rest) = Int(max(0, count)).quotientAndRemainder(dividingBy: readers.count)
            var next: Int32 = 0
            for (place, reader) in readers.enumerated() {
                for _ in 0..<(share + (place < rest ? 1 : 0)) {
                    assigned[reader.memberID]?.append(TopicPartition(topic: topic, partition: next))
                    next += 1
                }
            }
        }
        return assigned
    }
}

/// The order in which Kafka's assignors serve members: static ones first, by their instance ids, then the others, by member id.
enum MemberOrder {
    static func precedes(_ left: AssignedMember, _ right: AssignedMember) -> Bool {
        switch (left.instanceID, right.instanceID) {
        case (let one?, let two?): javaPrecedes(one, two)
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): javaPrecedes(left.memberID, right.memberID)
        }
    }

    /// For each member no partitions.
    static func nothing(for members: [AssignedMember]) -> [String: [TopicPartition]] {
        Dictionary(members.map { ($0.memberID, []) }, uniquingKeysWith: { first, _ in first })
    }

    /// Java compares text by its UTF-16 units, which differs from Swift's order above U+D7FF.
    static func javaPrecedes(_ left: String, _ right: String) -> Bool {
        left.utf16.lexicographicallyPrecedes(right.utf16)
    }
}
