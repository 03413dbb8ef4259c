/// Where a consumer group stands.
public enum GroupState: String, Sendable, Equatable {
    /// There is no such group.
    case dead = "Dead"
    /// Without members; its offsets are kept.
    case empty = "Empty"
    /// Waits for its members to join again.
    case preparingRebalance = "PreparingRebalance"
    /// Waits for the leader to say who does what.
    case completingRebalance = "CompletingRebalance"
    case stable = "Stable"
    /// In the consumer protocol: partitions are to be divided anew, with the next heartbeat.
    case assigning = "Assigning"
    /// In the consumer protocol: members are on their way to what they are to have.
    case reconciling = "Reconciling"
}

/// The protocol that a group's members speak.
public enum GroupType: String, Sendable, Equatable {
    /// Members divide the partitions among themselves, all at once.
    case classic
    /// The broker divides them, and each member finds its own way (KIP-848).
    case consumer
}

/// A consumer group and its members.
package struct GroupDescription: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var memberID: String
        package var instanceID: String?
        package var clientID: String
        package var clientHost: String
        /// Empty unless the group is stable.
        package var metadata: [UInt8] = []
        /// Empty unless the group is stable.
        package var assignment: [UInt8] = []
    }

    package var group: String
    package var state: GroupState
    package var type = GroupType.classic
    /// Empty if the group never had members.
    package var protocolType = ""
    /// Empty unless the group is stable.
    package var protocolName = ""
    package var generation: Int32 = 0
    /// In the order in which they joined.
    package var members: [Member] = []
}

package struct GroupListing: Sendable, Equatable {
    package var group: String
    package var type = GroupType.classic
    package var protocolType: String
    package var state: GroupState
}
