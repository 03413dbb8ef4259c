extension Broker {
    /// Reads topics as a member of a group: each partition is read by one member at a time, and the next one goes on where the group has
    /// committed. Leaving the scope leaves the group, whichever way.
    ///
    /// - Parameters:
    ///   - group: 1…249 bytes without control characters; its members may be in this process or attached as Kafka clients.
    ///   - topics: must exist; at least one.
    ///   - start: where the group begins in a partition, or goes on.
    ///   - configuration: of this member alone.
    ///   - body: has the consumer for as long as it runs.
    /// - Throws: `.unknownTopic`, `.invalidConfiguration`, and what `body` throws.
    public func withConsumer<Result>(
        group: String, topics: [String], startingAt start: StartPosition = .committed(orElse: .earliest),
        _ configuration: ConsumerConfiguration = ConsumerConfiguration(),
        _ body: (Consumer) async throws -> Result
    ) async throws -> Result {
        try await withConsumer(
            Consumer(self, group: group, topics: topics, startingAt: start, configuration), body)
    }

    /// Reads all partitions of topics, for itself alone: nothing is committed.
    ///
    /// - Throws: as ``withConsumer(group:topics:startingAt:_:_:)``.
    public func withConsumer<Result>(
        topics: [String], startingAt start: StartPosition = .earliest,
        _ configuration: ConsumerConfiguration = ConsumerConfiguration(),
        _ body: (Consumer) async throws -> Result
    ) async throws -> Result {
        try await withConsumer(Consumer(self, group: nil, topics: topics, startingAt: start, configuration), body)
    }

    private func withConsumer<Result>(
        _ consumer: Consumer, _ body: (Consumer) async throws -> Result
    ) async throws -> Result {
        defer { consumer.leave() }
        return try await body(consumer)
    }
}
