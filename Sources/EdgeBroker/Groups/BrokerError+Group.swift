extension BrokerError {
    /// What a group's coordinator refused, for a caller in this process.
    init(_ error: GroupError, group: String) {
        let name = group.prefix(80).debugDescription
        switch error {
        case .notStored(let error): self = error
        case .coordinatorNotAvailable: self = .closed
        case .invalidGroupID:
            self.init(
                .invalidGroup, "\(name) is no name for a consumer group.",
                remedy: "Use 1 to 249 bytes without control characters.")
        case .groupIDNotFound:
            self.init(
                .unknownGroup, "There is no group \(name).", remedy: "`edgebroker group list` shows those that exist.")
        case .nonEmptyGroup, .groupSubscribedToTopic:
            self.init(
                .groupInUse, "Group \(name) has members.",
                remedy: "Stop its consumers, or wait until their sessions are over.")
        case .fencedInstanceID:
            self.init(
                .fenced, "In group \(name) another process has taken this member's instance id (Kafka's error 82).",
                remedy: "Give each member an instance id of its own, and stop whichever is one too many.")
        case .unknownMemberID, .illegalGeneration, .memberIDRequired, .fencedMemberEpoch,
            .staleMemberEpoch, .unreleasedInstanceID:
            self.init(
                .fenced, "In group \(name) this member counts no more (Kafka's error \(error.code)).",
                remedy: "Join again; somebody else may have its partitions.")
        case .rebalanceInProgress:
            self.init(
                .rebalancing, "Group \(name) is dividing its partitions anew.", remedy: "Join again, then try again.")
        case .unstableOffsetCommit:
            self.init(
                .rebalancing, "Offsets of group \(name) wait for a transaction to end.", remedy: "Try again soon.")
        case .offsetMetadataTooLarge, .invalidCommitOffsetSize, .groupTooLarge, .groupMaxSizeReached:
            self.init(
                .tooLarge, "Group \(name) or its commit is too large (Kafka's error \(error.code)).",
                remedy: "4,096 bytes of note and 100,000 offsets are the limits of a commit.")
        case .unknownTopicOrPartition:
            self.init(
                .unknownTopic, "Group \(name) names a partition that does not exist.",
                remedy: "`edgebroker topic list` shows those that do.")
        case .offsetOutOfRange:
            self.init(.offsetOutOfRange, "Group \(name) commits an offset below 0.", remedy: "Offsets begin with 0.")
        case .inconsistentGroupProtocol, .invalidSessionTimeout, .invalidRequest, .unsupportedAssignor,
            .invalidRegularExpression:
            self.init(
                .invalidConfiguration, "Group \(name) cannot be joined so (Kafka's error \(error.code)).",
                remedy: "Its members must have an assignor in common and session timeouts of 6 s to 30 min.")
        }
    }
}
