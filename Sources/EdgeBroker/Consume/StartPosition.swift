public import RecordFormat

/// Where a consumer begins in a partition.
public enum StartPosition: Sendable, Equatable {
    /// For a group without a committed offset.
    public enum Fallback: Sendable, Equatable {
        case earliest, latest
        /// The consumer throws `.noCommittedOffset`.
        case fail
    }

    /// Where the group goes on; a consumer without a group always takes the other.
    case committed(orElse: Fallback)
    /// The oldest record that is kept.
    case earliest
    /// What is appended from now on.
    case latest
    /// The first record of that time or later; if there is none, what is appended from now on.
    case time(Timestamp)
}
