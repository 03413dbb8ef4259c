import EdgeBroker

/// What `kafka-consumer-groups` was asked for.
enum GroupsRequest: Equatable {
    /// - Parameter states: `nil`: names only.
    case list(states: GroupStates?)
    case describe(GroupNames, GroupsShown)
    case delete(GroupNames)
    case deleteOffsets(String, [TopicSelection])
    /// As ``OffsetPlan`` in a file says, for the topics that it names.
    case resetAsPlanned(GroupNames, file: String, GroupResetMode)
    case reset(GroupNames, GroupTopics, to: GroupTarget, GroupResetMode)
}

/// Where a group is to go on.
enum GroupTarget: Equatable {
    /// Where it stands; at the end where it has committed nothing.
    case current
    case reset(OffsetReset)
}

enum GroupNames: Equatable {
    case all
    case some([String])

    /// One was named, so that nothing need say which.
    var isOne: Bool {
        if case .some(let names) = self { names.count == 1 } else { false }
    }
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
