/// Kafka's SyncGroup.
package struct SyncRequest: Sendable, Equatable {
    package struct Assignment: Sendable, Equatable {
        package var memberID: String
        /// Nobody's but the members'. With protocol type `consumer`: ``ConsumerAssignment``.
        package var bytes: [UInt8]

        package init(memberID: String, _ bytes: [UInt8]) {
            self.memberID = memberID
            self.bytes = bytes
        }
    }

    package var group: String
    package var membership: Membership
    /// `nil`: not told, as before v5.
    package var protocolType: String?
    package var protocolName: String?
    /// From the leader alone.
    package var assignments: [Assignment]

    package init(
        group: String, membership: Membership, protocolType: String? = nil, protocolName: String? = nil,
        assignments: [Assignment] = []
    ) {
        self.group = group
        self.membership = membership
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignments = assignments
    }
}

package struct SyncAnswer: Sendable, Equatable {
    package var protocolType: String
    package var protocolName: String
    /// Empty if the leader gave the member nothing.
    package var assignment: [UInt8]
}
