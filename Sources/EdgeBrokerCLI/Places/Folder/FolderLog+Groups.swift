import EdgeBroker
import RecordFormat

extension FolderLog {
    func groups() async throws -> [GroupView] { broker.admin.groups().map(GroupView.init) }

    func group(_ name: String) async throws -> GroupView { GroupView(try broker.admin.describeGroup(name)) }

    func lag(of group: String) async throws -> [GroupLag] { try broker.admin.lag(of: group) }

    func seek(
        _ group: String, _ partitions: [TopicPartition], to reset: OffsetReset, isDryRun: Bool, evicts: Bool
    ) async throws -> [OffsetMove] {
        // First, so that a mistake puts nobody out.
        let preview = try broker.admin.previewSeek(group: group, partitions, to: reset)
        if isDryRun { return preview }
        if evicts, broker.admin.groups().contains(where: { $0.name == group && !$0.members.isEmpty }) {
            try broker.admin.evictMembers(of: group)
        }
        return try await sayingHowToEvict { try await broker.admin.seek(group: group, partitions, to: reset) }
    }

    func deleteGroup(_ name: String, evicts: Bool) async throws {
        if evicts { try broker.admin.evictMembers(of: name) }
        try await sayingHowToEvict { try await broker.admin.deleteGroup(name) }
    }

    /// The members of a folder that no server has open cannot be stopped: they are those that the server last knew.
    private func sayingHowToEvict<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as BrokerError where error.code == .groupInUse {
            throw Failure(
                .busy,
                "\(error.message) The server that was here last knew them: give --evict, or start it and wait until their sessions are over."
            )
        }
    }
}

extension GroupView {
    fileprivate init(_ group: ConsumerGroup) {
        self.init(
            name: group.name, state: group.state.rawValue, type: group.type.rawValue, generation: group.generation,
            assignor: group.assignor,
            members: group.members.map {
                Member(
                    memberID: $0.memberID, instanceID: $0.instanceID, clientID: $0.clientID, host: $0.clientHost,
                    partitions: $0.partitions)
            })
    }
}
