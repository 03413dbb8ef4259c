import KafkaClient

/// What `kafka-console-consumer` was asked for.
struct ConsoleReading: Equatable {
    enum Topics: Equatable {
        case one(String)
        /// Without the broker's own.
        case matching(TopicPattern)
    }

    let topics: Topics
    let partition: Int32?
    let start: ConsumeStart
    let max: Int?
    /// How long nothing may come.
    let patience: Duration?
    let group: String?
    let layout: ConsoleLayout
    let isCommittedOnly: Bool
    let client: ClientProperties

    /// Looks the topics up, and where their partitions begin.
    /// - Throws: a `Failure` if there is none.
    func reading(in log: ServedLog) async throws -> Reading {
        var found: [TopicView] = []
        var member = group.map { GroupReading(group: $0, startsAtEarliest: start == .earliest) }
        switch topics {
        case .one(let name):
            var topic = try await log.topic(name)
            if let partition { topic.partitions = [try topic.partition(partition)] }
            found = [topic]
        case .matching(let pattern):
            if group == nil {
                found = try pattern.matching(try await log.topics().filter { !$0.name.hasPrefix("__") }, name: \.name)
                if found.isEmpty {
                    throw Failure(
                        .notFound, "No topic matches '\(pattern.text)'. `kafka-topics --list` tells which there are.")
                }
            } else {
                member?.pattern = try pattern.subscription
            }
        }
        var starts: [PartitionStart] = []
        for topic in found { starts += try await log.starts(start, in: topic) }
        return Reading(
            topics: found, starts: starts, isCommittedOnly: isCommittedOnly, group: member, patience: patience)
    }
}
