import KafkaClient

extension ServedLog {
    /// Looks up the topics that were asked for, and where their partitions begin.
    /// - Throws: a `Failure` if there is none.
    func reading(_ request: ConsoleReading) async throws -> Reading {
        var found: [TopicView] = []
        var member = request.group.map { GroupReading(group: $0, startsAtEarliest: request.start == .earliest) }
        switch request.topics {
        case .one(let name):
            var topic = try await self.topic(name)
            if let partition = request.partition { topic.partitions = [try topic.partition(partition)] }
            found = [topic]
        case .matching(let pattern):
            if request.group == nil {
                found = try pattern.matching(try await self.topics().filter { !$0.name.hasPrefix("__") }, name: \.name)
                if found.isEmpty {
                    throw Failure(
                        .notFound, "No topic matches '\(pattern.text)'. `kafka-topics --list` tells which there are.")
                }
            } else {
                member?.pattern = try pattern.subscription
            }
        }
        var starts: [PartitionStart] = []
        for topic in found { starts += try await self.starts(request.start, in: topic) }
        return Reading(
            topics: found, starts: starts, isCommittedOnly: request.isCommittedOnly, group: member,
            patience: request.patience)
    }
}
