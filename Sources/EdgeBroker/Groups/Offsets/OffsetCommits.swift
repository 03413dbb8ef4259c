internal import LogStore
public import RecordFormat

extension Broker {
    /// Commits where a group goes on. On return it survives a power cut and ``committedOffsets(of:)`` tells it.
    ///
    /// All offsets are committed together or none. Commits of several callers take effect in the order in which they reach the log;
    /// nothing is checked against an earlier commit. Nothing expires.
    /// - Parameters:
    ///   - group: 1…249 bytes without control characters. It must not have members: they commit for it.
    ///   - offsets: at most 100,000; none is no work.
    /// - Throws: `.unknownTopic`, `.invalidGroup`, `.tooLarge` for metadata above 4,096 bytes or too many offsets; `.groupInUse`;
    ///   `.noSpace`, and then nothing was committed; `.storage`, and then it is not known whether it was; `.closed`.
    public func commitOffsets(
        group: String, _ offsets: [TopicPartition: CommittedOffset]
    ) async throws(BrokerError) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, BrokerError>, Never>) in
            do throws(BrokerError) {
                try commitOffsetsNow(group: group, offsets) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        try result.get()
    }

    /// ``commitOffsets(group:_:)`` for whoever runs the commit rounds himself.
    ///
    /// - Parameter completion: called once, on the committing thread; not if this throws.
    package func commitOffsetsNow(
        group: String, _ offsets: [TopicPartition: CommittedOffset],
        completion: @escaping @Sendable (Result<Void, BrokerError>) -> Void
    ) throws(BrokerError) {
        let refusal = groups.commitUnlessRefused(group, nil, offsets) { result in
            if PlantedBug.offsetsEarly.isActive { return }
            completion(result.mapError { BrokerError($0, group: group) })
        }
        // It has no id that could be unknown: the group has members.
        if refusal == .unknownMemberID { throw BrokerError(.nonEmptyGroup, group: group) }
        if let refusal { throw BrokerError(refusal, group: group) }
        if PlantedBug.offsetsEarly.isActive { completion(.success(())) }
    }

    /// What a group has committed and is synced; empty for a group that has committed nothing.
    public func committedOffsets(of group: String) -> [TopicPartition: CommittedOffset] {
        committed.withTable { $0.offsets(of: group) }
    }

    /// The groups that have committed an offset, by name.
    public var groupsWithOffsets: [String] { committed.withTable { $0.groups.sorted() } }
}
