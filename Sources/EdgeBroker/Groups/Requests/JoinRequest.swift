/// A way to divide the work among members that a member can take part in, and what it tells its leader for it.
package struct GroupProtocol: Sendable, Equatable {
    package var name: String
    /// Nobody's but the members'. With protocol type `consumer`: ``ConsumerSubscription``.
    package var metadata: [UInt8]

    package init(_ name: String, _ metadata: [UInt8]) {
        self.name = name
        self.metadata = metadata
    }
}

/// Kafka's JoinGroup.
package struct JoinRequest: Sendable, Equatable {
    package var group: String
    /// Empty: the member has none yet.
    package var memberID: String
    package var instanceID: String?
    package var clientID: String
    package var clientHost: String
    package var sessionTimeout: Duration
    /// Negative: the session timeout, as before JoinGroup v1.
    package var rebalanceTimeout: Duration
    package var protocolType: String
    /// In the member's order of preference.
    package var protocols: [GroupProtocol]
    /// From v4 on a member without id only gets one, and joins with the next request.
    package var requiresKnownMemberID: Bool
    /// From v9 on.
    package var supportsSkippingAssignment: Bool
    /// Why, in the client's words.
    package var reason: String?

    package init(
        group: String, memberID: String = "", instanceID: String? = nil, clientID: String, clientHost: String,
        sessionTimeout: Duration, rebalanceTimeout: Duration, protocolType: String, protocols: [GroupProtocol],
        requiresKnownMemberID: Bool = false, supportsSkippingAssignment: Bool = true, reason: String? = nil
    ) {
        self.group = group
        self.memberID = memberID
        self.instanceID = instanceID
        self.clientID = clientID
        self.clientHost = clientHost
        self.sessionTimeout = sessionTimeout
        self.rebalanceTimeout = rebalanceTimeout
        self.protocolType = protocolType
        self.protocols = protocols
        self.requiresKnownMemberID = requiresKnownMemberID
        self.supportsSkippingAssignment = supportsSkippingAssignment
        self.reason = reason
    }

    /// Bytes of what would be kept of the member.
    var byteCount: Int {
        protocols.reduce(clientID.utf8.count + clientHost.utf8.count + 100) {
            $0 + $1.name.utf8.count + $1.metadata.count
        }
    }
}

package struct JoinAnswer: Sendable, Equatable {
    /// What the leader is told of each member.
    package struct Member: Sendable, Equatable {
        package var memberID: String
        package var instanceID: String?
        package var metadata: [UInt8]

        package init(memberID: String, instanceID: String? = nil, metadata: [UInt8]) {
            self.memberID = memberID
            self.instanceID = instanceID
            self.metadata = metadata
        }
    }

    package var generation: Int32
    package var protocolType: String
    package var protocolName: String
    package var leader: String
    package var memberID: String
    /// The leader is back as a static member and is not to assign anew.
    package var skipsAssignment: Bool
    /// For the leader alone.
    package var members: [Member]

    package var isLeader: Bool { leader == memberID }
}
