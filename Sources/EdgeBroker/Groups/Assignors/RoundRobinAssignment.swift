import RecordFormat

/// Kafka's round-robin assignor: all partitions in order, each to the next member that is subscribed to its topic.
enum RoundRobinAssignment {
    static func assign(_ members: [AssignedMember], _ counts: [String: Int32]) -> [String: [TopicPartition]] {
        var assigned = MemberOrder.nothing(for: members)
        let ordered = members.sorted(by: MemberOrder.precedes)
        let topics = Set(members.flatMap(\.topics)).sorted(by: MemberOrder.javaPrecedes)
        let subscribed = ordered.map { Set($0.topics) }
        var next = 0
        for topic in topics {
            for number in 0..<max(0, counts[topic] ?? 0) {
                // Somebody is subscribed, or the topic would not be here.
                while !subscribed[next].contains(topic) { next = (next + 1) % ordered.count }
                assigned[ordered[next].memberID]?.append(TopicPartition(topic: topic, partition: number))
                next = (next + 1) % ordered.count
            }
        }
        return assigned
    }
}
