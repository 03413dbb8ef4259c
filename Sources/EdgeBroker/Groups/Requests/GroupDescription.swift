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
    package var protocolType: String
    package var state: GroupState
}
