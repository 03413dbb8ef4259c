package import RecordFormat

/// What a consumer group's record says of it: its generation, who is in it, and what each member was given.
package struct GroupMetadata: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var memberID: String
        package var instanceID: String?
        package var clientID: String
        package var clientHost: String
        /// In ms; negative: as the session timeout.
        package var rebalanceTimeout: Int32
        /// In ms.
        package var sessionTimeout: Int32
        /// What the member told its leader under the group's protocol.
        package var subscription: [UInt8]
        package var assignment: [UInt8]

        package init(
            memberID: String, instanceID: String?, clientID: String, clientHost: String, rebalanceTimeout: Int32,
            sessionTimeout: Int32, subscription: [UInt8], assignment: [UInt8]
        ) {
            self.memberID = memberID
            self.instanceID = instanceID
            self.clientID = clientID
            self.clientHost = clientHost
            self.rebalanceTimeout = rebalanceTimeout
            self.sessionTimeout = sessionTimeout
            self.subscription = subscription
            self.assignment = assignment
        }
    }

    /// Empty if the group never had members.
    package var protocolType: String
    package var generation: Int32
    /// `nil` without members.
    package var protocolName: String?
    package var leader: String?
    /// When the group came to this, by the broker's clock.
    package var time: Timestamp?
    package var members: [Member]

    package init(
        protocolType: String, generation: Int32, protocolName: String?, leader: String?, time: Timestamp? = nil,
        members: [Member]
    ) {
        self.protocolType = protocolType
        self.generation = generation
        self.protocolName = protocolName
        self.leader = leader
        self.time = time
        self.members = members
    }
}
