/// A topic as `kafka-topics --describe` prints it.
enum TopicsText {
    static func lines(_ topic: TopicView, _ shown: TopicsShown) -> [String] {
        let settings = topic.settings.filter { !$0.isDefault && !$0.isFixed }
        let heading =
            "Topic: \(topic.name)" + (topic.id.map { "\tTopicId: \($0)" } ?? "")
            + "\tPartitionCount: \(topic.partitions.count)"
            + "\tReplicationFactor: \(topic.partitions.first?.replicas?.all.count ?? 1)"
            + "\tConfigs: \(settings.map { "\($0.key)=\($0.value)" }.joined(separator: ","))"
        let minimum = topic[setting: "min.insync.replicas"].flatMap { Int($0) } ?? 1
        func lines(where isShown: (PartitionView) -> Bool) -> [String] {
            topic.partitions.filter(isShown).map { line($0, of: topic.name) }
        }
        switch shown {
        case .all: return [heading] + topic.partitions.map { line($0, of: topic.name) }
        case .overridden: return settings.isEmpty ? [] : [heading]
        case .underReplicated:
            return lines { ($0.replicas?.inSync.count ?? 0) < ($0.replicas?.all.count ?? 0) }
        case .underMinimum: return lines { ($0.replicas?.inSync.count ?? 0) < minimum }
        case .atMinimum: return lines { $0.replicas?.inSync.count == minimum }
        case .unavailable: return lines { $0.replicas?.leader == nil }
        }
    }

    private static func line(_ partition: PartitionView, of topic: String) -> String {
        func list(_ servers: [Int32]?) -> String { (servers ?? []).map(String.init).joined(separator: ",") }
        let leader = partition.replicas?.leader.map(String.init) ?? "none"
        return "\tTopic: \(topic)\tPartition: \(partition.index)\tLeader: \(leader)"
            + "\tReplicas: \(list(partition.replicas?.all))\tIsr: \(list(partition.replicas?.inSync))"
    }
}
