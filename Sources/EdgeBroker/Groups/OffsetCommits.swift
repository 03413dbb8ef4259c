internal import LogStore
public import RecordFormat

extension Broker {
    private static let longestMetadata = 4096
    private static let longestGroup = 249

    /// Commits where a group goes on. On return it survives a power cut and ``committedOffsets(of:)`` tells it.
    ///
    /// All offsets are committed together or none. Commits of several callers take effect in the order in which they reach the log;
    /// nothing is checked against an earlier commit. Nothing expires.
    /// - Parameters:
    ///   - group: 1…249 bytes without control characters.
    ///   - offsets: at most 100,000; none is no work.
    /// - Throws: `.unknownTopic`, `.invalidGroup`, `.tooLarge` for metadata above 4,096 bytes or too many offsets; `.noSpace`, and
    ///   then nothing was committed; `.storage`, and then it is not known whether it was; `.closed`.
    public func commitOffsets(
        group: String, _ offsets: [TopicPartition: CommittedOffset]
    ) async throws(BrokerError) {
        try Self.checkGroup(group)
        let records = try offsetRecords(group, offsets)
        if records.isEmpty { return }
        let partition: Partition
        if let known = committed.partition {
            partition = known
        } else {
            partition = try await blockingWork { () throws(BrokerError) in try self.committed.makePartition() }
        }
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, BrokerError>, Never>) in
            do throws(BrokerError) {
                try committed.stage(records, in: partition) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        try result.get()
    }

    /// Stages a commit for whoever runs the commit rounds himself; otherwise as ``commitOffsets(group:_:)``.
    ///
    /// - Parameter completion: called once, on the committing thread; not if this throws.
    package func commitOffsetsNow(
        group: String, _ offsets: [TopicPartition: CommittedOffset],
        completion: @escaping @Sendable (Result<Void, BrokerError>) -> Void
    ) throws(BrokerError) {
        try Self.checkGroup(group)
        let records = try offsetRecords(group, offsets)
        if records.isEmpty { return completion(.success(())) }
        try committed.stage(records, in: try committed.makePartition(), completion: completion)
    }

    /// What a group has committed and is synced; empty for a group that has committed nothing.
    public func committedOffsets(of group: String) -> [TopicPartition: CommittedOffset] { committed.offsets(of: group) }

    /// The groups that have committed an offset, by name.
    public var groupsWithOffsets: [String] { committed.groups }

    private func offsetRecords(
        _ group: String, _ offsets: [TopicPartition: CommittedOffset]
    ) throws(BrokerError) -> [OffsetCommitRecord] {
        if offsets.count > 100_000 {
            throw BrokerError(
                .tooLarge, "A commit of \(offsets.count) offsets is too large.", remedy: "Commit 100,000 at a time.")
        }
        let now = catalogue.now
        var records: [OffsetCommitRecord] = []
        records.reserveCapacity(offsets.count)
        for (name, committed) in offsets.sorted(by: {
            ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition)
        }) {
            _ = try catalogue.partition(name)
            if committed.metadata.utf8.count > Self.longestMetadata {
                throw BrokerError(
                    .tooLarge, "The metadata for \(name) has \(committed.metadata.utf8.count) bytes.",
                    remedy: "At most 4,096 are kept.")
            }
            if committed.offset < .zero {
                throw BrokerError(
                    .offsetOutOfRange, "Offset \(committed.offset) of \(name) cannot be committed.",
                    remedy: "Offsets begin with 0.")
            }
            var committed = committed
            committed.time = now
            records.append(OffsetCommitRecord(group: group, partition: name, committed: committed))
        }
        return records
    }

    private static func checkGroup(_ group: String) throws(BrokerError) {
        let isPrintable = group.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        if !group.isEmpty, group.utf8.count <= longestGroup, isPrintable { return }
        throw BrokerError(
            .invalidGroup, "\(group.prefix(80).debugDescription) is no name for a consumer group.",
            remedy: "Use 1 to 249 bytes without control characters.")
    }
}
