/// Kafka's ConsumerGroupHeartbeat: the one request by which a member joins, lives, learns what it has, gives up and leaves.
package struct ConsumerHeartbeat: Sendable, Equatable {
    /// Epochs that mean something else.
    package static let joins: Int32 = 0
    package static let leaves: Int32 = -1
    /// Of a static member: it goes, and comes back before its session is over.
    package static let pauses: Int32 = -2

    package var group: String
    /// Chosen by the member, once for its process.
    package var memberID: String
    package var epoch: Int32
    package var instanceID: String?
    package var rackID: String?
    package var clientID = ""
    package var clientHost = ""
    // Each of the following may be absent: as before.
    package var rebalanceTimeout: Duration?
    package var topics: [String]?
    /// Topics by a regular expression in ``TopicPattern``'s syntax; empty: no longer.
    package var pattern: String?
    package var assignor: String?
    /// What the member has; what it was told to give up and is missing here it has given up.
    package var owned: Set<GroupPartition>?

    package init(group: String, memberID: String, epoch: Int32, instanceID: String? = nil) {
        self.group = group
        self.memberID = memberID
        self.epoch = epoch
        self.instanceID = instanceID
    }

    /// It tells all, so it does not know what it was answered before.
    var isFull: Bool {
        epoch == Self.joins || rebalanceTimeout != nil && (topics != nil || pattern != nil) && owned != nil
    }

    /// Bytes of what would be kept of the member.
    var byteCount: Int {
        let texts = [memberID, instanceID ?? "", rackID ?? "", clientID, clientHost, pattern ?? ""] + (topics ?? [])
        return texts.reduce(100) { $0 + $1.utf8.count + 8 }
    }

    /// - Returns: why it makes no sense, whatever the group.
    var refusal: GroupError? {
        if memberID.isEmpty || instanceID?.isEmpty == true || rackID?.isEmpty == true { return .invalidRequest }
        switch epoch {
        case Self.joins:
            // Of a new member all must be told, and it cannot have anything.
            if rebalanceTimeout == nil || topics == nil && pattern == nil || owned?.isEmpty != true {
                return .invalidRequest
            }
        case Self.leaves: break
        case Self.pauses: if instanceID == nil { return .invalidRequest }
        default: if epoch < 0 { return .invalidRequest }
        }
        let texts = [memberID, instanceID ?? "", rackID ?? "", clientID, clientHost]
        if texts.contains(where: { $0.utf8.count > GroupSettings.longestText }) { return .invalidRequest }
        if byteCount > GroupSettings.mostMemberBytes { return .invalidRequest }
        if let assignor, ServerAssignor(rawValue: assignor) == nil { return .unsupportedAssignor }
        guard let pattern, !pattern.isEmpty else { return nil }
        do throws(TopicPattern.Mistake) {
            _ = try TopicPattern(pattern)
            return nil
        } catch {
            return .invalidRegularExpression(error.description)
        }
    }
}

package struct ConsumerHeartbeatAnswer: Sendable, Equatable {
    package var memberID: String
    package var epoch: Int32
    /// When the next one is expected.
    package var interval: Duration
    /// What the member is to have from now on; `nil`: as before.
    package var assignment: Set<GroupPartition>?
}
