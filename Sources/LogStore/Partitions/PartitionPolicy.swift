/// How one partition is written and when its segments are closed. Whoever knows the topics sets it after opening, with
/// ``LogDirectory/configure(_:_:)``; until then the default holds.
package struct PartitionPolicy: Sendable, Equatable {
    package enum Durability: Sendable, Equatable {
        /// Acknowledged and readable once it is synced.
        case synced
        /// Written by whoever appends, acknowledged and readable at once, synced within this time. A power cut may take back
        /// what was readable; the leader epoch tells.
        case buffered(syncEvery: Duration)
    }

    package var durability = Durability.synced
    /// A segment that holds something is closed before it would exceed this many bytes; `nil`: the directory's size.
    package var segmentBytes: Int?
    /// A segment is closed with the first append after its first batch is this old (Kafka's `segment.ms`).
    package var segmentAge: Duration = .seconds(7 * 86_400)
    /// A segment is closed when its offset index would exceed this many bytes (Kafka's `segment.index.bytes`).
    package var indexBytes = 10 << 20
    /// Takes appends while ``LogDirectory/isFull``, out of the reserve: for the broker's own topics, which must go on.
    package var usesReserve = false

    package init() {}
}
