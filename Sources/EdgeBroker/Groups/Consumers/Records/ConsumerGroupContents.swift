/// What the log says of one group in the consumer protocol.
package struct ConsumerGroupContents: Sendable, Equatable {
    package var epoch: Int32 = 0
    package var topics: [String: TopicImage.Topic] = [:]
    package var members: [String: ConsumerMemberRecord] = [:]
    package var targetEpoch: Int32 = 0
    package var targets: [String: Set<GroupPartition>] = [:]
    package var currents: [String: CurrentAssignmentRecord] = [:]

    package init() {}

    /// Takes in the next record of the log.
    package mutating func apply(_ record: ConsumerGroupRecord) {
        switch record {
        case .epoch(_, let value): epoch = value?.epoch ?? 0
        case .topics(_, let value): topics = value?.topics ?? [:]
        case .member(_, let id, let value): members[id] = value
        case .targetEpoch(_, let value): targetEpoch = value?.epoch ?? 0
        case .target(_, let id, let value): targets[id] = value?.partitions
        case .current(_, let id, let value): currents[id] = value
        }
    }
}
