import RecordFormat

/// What one flow still needs of a captured source: the index from its position on, and in each topic what the index says from there
/// on. Until it has told its position it needs everything.
struct FlowHold: Sendable {
    /// The next index record that the flow has not had.
    private(set) var position: Offset?
    /// Up to where of the index ``ends`` is true; `nil`: it begins anew.
    private(set) var folded: Offset?
    /// What is below is done with.
    private(set) var ends: [TopicPartition: Offset] = [:]

    /// The flow goes on from here. A target that was put back to an earlier state needs what is behind it again.
    mutating func move(to index: Offset) {
        position = index
        if let folded, folded > index {
            self.folded = nil
            ends = [:]
        }
    }

    /// Where to read the index on from, up to ``position``.
    ///
    /// - Parameters:
    ///   - start: the oldest index record there is, a checkpoint if any went.
    ///   - checkpoints: where some are, oldest first.
    /// - Returns: `nil` if there is nothing to read.
    func next(start: Offset, checkpoints: [Offset]) -> Offset? {
        guard let position, position >= start else { return nil }
        let known = folded ?? start
        guard known < position else { return nil }
        // A checkpoint says all that was before it.
        return max(known, checkpoints.last { $0 < position } ?? known)
    }

    /// Takes what an index record says; `offset` is its own.
    mutating func fold(_ record: TransactionIndexRecord, at offset: Offset) {
        if case .checkpoint(let checkpoint) = record { ends.merge(checkpoint.ends, uniquingKeysWith: max) }
        for range in record.ranges { ends[range.topicPartition] = max(ends[range.topicPartition] ?? .zero, range.end) }
        folded = offset.advanced(by: 1)
    }

    /// All that the flow has had is known.
    var isSettled: Bool { position != nil && folded == position }

    /// Nothing at or above it is done with.
    func end(of name: TopicPartition) -> Offset { ends[name] ?? .zero }
}
