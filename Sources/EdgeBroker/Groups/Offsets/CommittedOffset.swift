public import RecordFormat

/// Where a consumer group goes on in one partition.
public struct CommittedOffset: Sendable, Equatable {
    /// The first offset that is not done yet.
    public var offset: Offset
    /// The leader epoch of the record before it, if the consumer knows: it tells whether the log was shortened since.
    public var leaderEpoch: Int32?
    /// The consumer's own note, at most 4,096 bytes of UTF-8.
    public var metadata: String
    /// When it was committed, by the broker's clock; what a caller sets here is replaced.
    public var time: Timestamp?

    public init(_ offset: Offset, leaderEpoch: Int32? = nil, metadata: String = "") {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
    }
}
