public import RecordFormat

/// Where a group is to go on.
public enum OffsetReset: Sendable, Equatable {
    /// The oldest record that is kept.
    case earliest
    /// Behind the newest record.
    case latest
    /// From the log start to the high watermark; anything else is refused.
    case offset(Offset)
    /// The first record that is not older; behind the newest record if all are.
    case time(Timestamp)
    /// So many records on, or back, from where the group stands; no farther than there are records.
    case shift(Int64)
}

/// What a reset does, or would do, in one partition.
public struct OffsetMove: Sendable, Equatable {
    /// Each partition moves by itself.
    public let partition: TopicPartition
    /// `nil`: the group has committed nothing there.
    public let from: Offset?
    /// The first offset that the group will read.
    public let to: Offset

    package init(partition: TopicPartition, from: Offset?, to: Offset) {
        self.partition = partition
        self.from = from
        self.to = to
    }

    /// - Returns: where `reset` leads in a partition with these bounds.
    /// - Throws: `.offsetOutOfRange` for an offset outside of them, and for a shift from nowhere.
    package static func target(
        of reset: OffsetReset, in name: TopicPartition, from: Offset?, _ bounds: ClosedRange<Offset>,
        at time: (Timestamp) throws(BrokerError) -> Offset?
    ) throws(BrokerError) -> Offset {
        switch reset {
        case .earliest: return bounds.lowerBound
        case .latest: return bounds.upperBound
        case .time(let timestamp): return try time(timestamp) ?? bounds.upperBound
        case .offset(let offset):
            if bounds.contains(offset) { return offset }
            throw BrokerError(
                .offsetOutOfRange,
                "\(name) has offsets \(bounds.lowerBound) to \(bounds.upperBound); \(offset) was asked for.",
                remedy: "Choose one of these, or earliest or latest.")
        case .shift(let count):
            guard let from else {
                throw BrokerError(
                    .offsetOutOfRange, "The group has committed nothing in \(name), from where it could be shifted.",
                    remedy: "Choose an offset, a time, earliest or latest.")
            }
            let (sum, isTooFar) = from.rawValue.addingReportingOverflow(count)
            if isTooFar { return count < 0 ? bounds.lowerBound : bounds.upperBound }
            return min(max(Offset(sum), bounds.lowerBound), bounds.upperBound)
        }
    }
}
