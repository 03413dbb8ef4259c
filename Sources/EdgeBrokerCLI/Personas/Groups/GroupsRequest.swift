import EdgeBroker

/// What `kafka-consumer-groups` was asked for.
enum GroupsRequest: Equatable {
    case list
    case describe(GroupNames, GroupsShown)
    case delete(GroupNames)
    case reset(GroupNames, GroupTopics, to: OffsetReset, GroupResetMode)
}

enum GroupNames: Equatable {
    case all
    case some([String])
}

/// Which topics a reset is about.
enum GroupTopics: Equatable {
    /// Those for which the group has committed.
    case committed
    case some([TopicSelection])
}

enum GroupsShown: Equatable {
    case offsets
    case members(withPartitions: Bool)
    case state
}

enum GroupResetMode: Equatable {
    case dryRun
    case execute
    /// As lines of CSV, and nothing is changed.
    case export
}
