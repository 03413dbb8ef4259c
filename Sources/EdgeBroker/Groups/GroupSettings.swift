/// What can be set about consumer groups. Kafka's names in brackets.
public struct GroupSettings: Sendable, Equatable {
    /// How long the first members of an empty group wait for others (`group.initial.rebalance.delay.ms`): 0 or more. Kafka waits
    /// 3 s, which is the longest part of a start on a plant.
    public var firstRebalanceDelay = Duration.zero
    /// What a member may ask for as its session timeout (`group.min.session.timeout.ms`, `group.max.session.timeout.ms`).
    public var sessionTimeouts: ClosedRange<Duration> = .seconds(6) ... .seconds(30 * 60)
    /// Members and those about to join, of one group (`group.max.size`): 1 or more.
    public var mostMembers = 10_000

    /// In the consumer protocol: after how long a silent member is taken for gone (`group.consumer.session.timeout.ms`).
    public var consumerSessionTimeout = Duration.seconds(45)
    /// In the consumer protocol: between two heartbeats of a member (`group.consumer.heartbeat.interval.ms`).
    public var heartbeatInterval = Duration.seconds(5)

    public init() {}

    /// Between two heartbeats of a member that waits for partitions or has some to give up, if that is shorter (Kafka: as the others).
    static let waitingHeartbeatInterval = Duration.seconds(1)
    /// Of what one member of the consumer protocol may tell of itself, in bytes: it is one record.
    static let mostMemberBytes = 512 << 10

    /// A member whose first join waits so long for the others has gone, or asks again (Kafka: not to be set).
    static let newMemberPatience = Duration.seconds(5 * 60)
    /// Between two attempts at a rebalance for which nobody asked, so that a rebalance timeout of 0 does not keep a core busy.
    static let shortestRebalance = Duration.seconds(1)
    /// Of what a request tells of a member, in bytes: within what Kafka's formats hold, and with room for what is appended to it.
    static let longestText = 32_000
    /// What all members of a group together may bring along, in bytes: the group is one record.
    static let mostBytes = 64 << 20
}
