import RecordFormat

/// KIP-429: a partition that is to move is given to nobody as long as its former owner has it. That one gives it up when it sees that
/// it was not given it again, and joins anew; the rebalance after that hands it over.
enum CooperativeAssignment {
    static func withholding(
        _ assignment: [String: [TopicPartition]], from members: [AssignedMember]
    ) -> [String: [TopicPartition]] {
        var owners: [TopicPartition: Set<String>] = [:]
        for member in members {
            for partition in member.ownedPartitions { owners[partition, default: []].insert(member.memberID) }
        }
        var given = assignment
        for (memberID, partitions) in assignment {
            given[memberID] = partitions.filter { partition in
                owners[partition]?.allSatisfy { $0 == memberID } ?? true
            }
        }
        return given
    }

    /// What a member has to give up, now that it was given `assignment`; if that is anything it joins again.
    static func revoked(_ owned: [TopicPartition], _ assignment: [TopicPartition]) -> [TopicPartition] {
        let given = Set(assignment)
        return owned.filter { !given.contains($0) }
    }
}
