/// What a group's coordinator is to do, in this order.
package enum ConsumerGroupAction: Sendable, Equatable {
    case answer(GroupToken, Result<ConsumerHeartbeatAnswer, GroupError>)
    /// Append the records, all or none, and tell ``ConsumerGroupStateMachine/wrote(_:_:)`` what came of it. Writes of a group are
    /// appended in the order of their numbers.
    case persist(UInt64, [GroupRecord])
}
