/// Why a group's coordinator refuses a request. Each case is one of Kafka's error codes.
package enum GroupError: Error, Sendable, Equatable {
    case offsetOutOfRange
    case unknownTopicOrPartition
    /// A committed offset's note is above 4,096 bytes.
    case offsetMetadataTooLarge
    /// The broker closes. A client looks for the coordinator and tries again.
    case coordinatorNotAvailable
    case illegalGeneration
    case inconsistentGroupProtocol
    case invalidGroupID
    case unknownMemberID
    case invalidSessionTimeout
    case rebalanceInProgress
    /// More offsets than one commit takes.
    case invalidCommitOffsetSize
    /// A field is longer than Kafka's formats hold.
    case invalidRequest
    case nonEmptyGroup
    case groupIDNotFound
    /// The member is to join again, under this id.
    case memberIDRequired(String)
    case groupMaxSizeReached
    /// Another process has taken over this group instance id.
    case fencedInstanceID
    case groupSubscribedToTopic
    /// A transaction that commits this offset is not decided.
    case unstableOffsetCommit
    /// The member's epoch is not its newest: it gives up all that it has and joins again.
    case fencedMemberEpoch
    /// Another process has this group instance id and has not said that it goes.
    case unreleasedInstanceID
    case unsupportedAssignor
    /// A commit or a fetch in an older epoch than the member's. The member asks again once it knows its newest.
    case staleMemberEpoch
    /// Why.
    case invalidRegularExpression(String)
    /// The group's members and assignments together are larger than one record.
    case groupTooLarge
    /// The log did not take the record, which may be in it all the same. A client tries again.
    case notStored(BrokerError)

    package var code: Int16 {
        switch self {
        case .groupTooLarge: -1
        case .offsetOutOfRange: 1
        case .unknownTopicOrPartition: 3
        case .offsetMetadataTooLarge: 12
        case .coordinatorNotAvailable, .notStored: 15
        case .illegalGeneration: 22
        case .inconsistentGroupProtocol: 23
        case .invalidGroupID: 24
        case .unknownMemberID: 25
        case .invalidSessionTimeout: 26
        case .rebalanceInProgress: 27
        case .invalidCommitOffsetSize: 28
        case .invalidRequest: 42
        case .nonEmptyGroup: 68
        case .groupIDNotFound: 69
        case .memberIDRequired: 79
        case .groupMaxSizeReached: 81
        case .fencedInstanceID: 82
        case .groupSubscribedToTopic: 86
        case .unstableOffsetCommit: 88
        case .fencedMemberEpoch: 110
        case .unreleasedInstanceID: 111
        case .unsupportedAssignor: 112
        case .staleMemberEpoch: 113
        case .invalidRegularExpression: 128
        }
    }

    /// What a client's log may say beside Kafka's name for the code; `nil`: that says it all.
    package var reason: String? {
        switch self {
        case .invalidRequest: "The heartbeat lacks a field that it needs, or one is too long."
        case .fencedMemberEpoch:
            "The member's epoch is not the newest one: it is to give up its partitions and join again."
        case .unreleasedInstanceID: "Another process has this group instance id and has not left."
        case .unsupportedAssignor:
            "The assignors are \(ServerAssignor.allCases.map(\.rawValue).joined(separator: " and "))."
        case .invalidRegularExpression(let mistake): "The regular expression is refused: \(mistake)."
        default: nil
        }
    }
}
