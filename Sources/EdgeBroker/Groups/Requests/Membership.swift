/// By what a member proves that it belongs to a group's generation.
package struct Membership: Sendable, Equatable {
    package var memberID: String
    /// -1: none, with an empty member id: a consumer that only stores its offsets here.
    package var generation: Int32
    /// Of a static member.
    package var instanceID: String?

    package init(memberID: String, generation: Int32, instanceID: String? = nil) {
        self.memberID = memberID
        self.generation = generation
        self.instanceID = instanceID
    }
}

/// Who leaves: a member by its id, or by a group instance id alone, as administrators remove static members.
package struct LeavingMember: Sendable, Equatable {
    /// May be empty with an instance id.
    package var memberID: String
    package var instanceID: String?

    package init(memberID: String, instanceID: String? = nil) {
        self.memberID = memberID
        self.instanceID = instanceID
    }
}
