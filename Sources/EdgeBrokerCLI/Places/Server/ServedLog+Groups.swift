import EdgeBroker
import KafkaClient
import RecordFormat

extension ServedLog {
    func groups() async throws -> [GroupView] {
        try await ask { administrator in
            try administrator.groups().map { try administrator.group($0.name).map(GroupView.init) ?? GroupView($0) }
        }
    }

    func group(_ name: String) async throws -> GroupView {
        try await ask { try Self.view(of: name, by: $0) }
    }

    /// What can be had of a group: not every one that is there can be described.
    private static func view(of name: String, by administrator: KafkaAdministrator) throws -> GroupView {
        if let group = try administrator.group(name) { return GroupView(group) }
        guard let listed = try administrator.groups().first(where: { $0.name == name }) else {
            throw Failure(.notFound, "There is no consumer group \(name). `group list` tells which there are.")
        }
        return GroupView(listed)
    }

    func lag(of group: String) async throws -> [GroupLag] {
        try await ask { administrator in
            let known = try Self.view(of: group, by: administrator)
            let committed = try administrator.committedOffsets(of: group)
            var readers: [TopicPartition: String] = [:]
            for member in known.members ?? [] {
                for partition in member.partitions { readers[partition] = member.memberID }
            }
            let wanted = Set(committed.keys).union(readers.keys)
            let topics = try administrator.topics()
            let there = Set(
                topics.flatMap { topic in
                    topic.partitions.map { TopicPartition(topic: topic.name, partition: $0.index) }
                })
            let ends = try administrator.offsets(.highWatermark, in: Array(wanted.intersection(there)))
            return wanted.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }.map { partition in
                GroupLag(
                    partition: partition,
                    committed: committed[partition].map { CommittedOffset($0.offset, metadata: $0.metadata) },
                    highWatermark: ends[partition], memberID: readers[partition])
            }
        }
    }

    func seek(
        _ group: String, _ partitions: [TopicPartition], to reset: OffsetReset, isDryRun: Bool, evicts: Bool
    ) async throws -> [OffsetMove] {
        if evicts { throw Self.cannotEvict }
        return try await ask { administrator in
            let committed = try administrator.committedOffsets(of: group)
            let starts = try administrator.offsets(.logStart, in: partitions)
            let ends = try administrator.offsets(.highWatermark, in: partitions)
            var atTime: [TopicPartition: Offset] = [:]
            if case .time(let time) = reset { atTime = try administrator.offsets(.time(time), in: partitions) }
            let moves = try partitions.map { partition in
                let (start, end) = (starts[partition] ?? .zero, ends[partition] ?? .zero)
                let from = committed[partition]?.offset
                let found = atTime[partition]
                let to = try OffsetMove.target(of: reset, in: partition, from: from, min(start, end)...end) { _ in found
                }
                return OffsetMove(partition: partition, from: from, to: to)
            }
            if isDryRun { return moves }
            // The server refuses it as well; but not while members are only about to join.
            try Self.checkHasNoMembers(group, by: administrator)
            try administrator.commitOffsets(
                Dictionary(moves.map { ($0.partition, $0.to) }, uniquingKeysWith: { first, _ in first }), for: group)
            return moves
        }
    }

    /// - Throws: `.busy` if the group has any; one that is not there has none.
    func checkHasNoMembers(_ group: String) async throws {
        try await ask { try Self.checkHasNoMembers(group, by: $0) }
    }

    private static func checkHasNoMembers(_ group: String, by administrator: KafkaAdministrator) throws {
        let hasMembers =
            if let known = try administrator.group(group) {
                !known.members.isEmpty
            } else {
                // One of the consumer protocol, whose members cannot be asked for, says by its state that it has some.
                try administrator.groups().contains { $0.name == group && !["Empty", "Dead"].contains($0.state) }
            }
        if hasMembers {
            throw Failure(
                .busy, "Group \(group) has members, which would commit over it. Stop them first, and try again.")
        }
    }

    func deleteGroup(_ name: String, evicts: Bool) async throws {
        if evicts { throw Self.cannotEvict }
        try await ask { try $0.deleteGroup(name) }
    }

    /// Forgets what the group has committed for these partitions, whether it has or not.
    /// - Returns: why it was not forgotten, for those partitions of which that is so: members of the group read the topic.
    /// - Throws: `.notFound` for a group that is not there.
    func deleteOffsets(
        of group: String, in partitions: [TopicPartition]
    ) async throws -> [TopicPartition: KafkaClientError] {
        try await ask { try $0.deleteOffsets(of: group, in: partitions) }
    }

    private static let cannotEvict = Failure(
        .usage, "--evict needs --data-dir. Stop the members, or wait until their sessions are over.")
}

extension GroupView {
    fileprivate init(_ group: KafkaGroup) {
        self.init(
            name: group.name, state: group.state, assignor: group.assignor,
            members: group.members.map {
                Member(
                    memberID: $0.memberID, instanceID: $0.instanceID, clientID: $0.clientID, host: $0.host,
                    partitions: $0.partitions)
            }, coordinator: group.coordinator.map { "\($0.host):\($0.port) (\($0.id))" })
    }

    fileprivate init(_ group: KafkaGroupListing) {
        self.init(name: group.name, state: group.state, assignor: "", members: nil)
    }
}
