/// Stands for a request that waits for its answer.
package struct GroupToken: Sendable, Hashable {
    package var number: UInt64
    package init(_ number: UInt64) { self.number = number }
}

/// What a group's coordinator is to do, in this order.
package enum GroupAction: Sendable, Equatable {
    case answerJoin(GroupToken, Result<JoinAnswer, GroupError>)
    case answerSync(GroupToken, Result<SyncAnswer, GroupError>)
    /// Append the record, and tell ``GroupStateMachine/wrote(_:_:now:)`` what came of it.
    case persist(GroupMetadata, GroupWrite)
}

/// Why a group's record is written.
package enum GroupWrite: Sendable, Equatable {
    /// The leader's decision, with this sync.
    case assignment(GroupToken)
    /// A static member is back, with this join.
    case replacement(GroupToken)
    /// Nobody is left, in this generation.
    case empty(Int32)
}
