/// What can be set about a log directory.
package struct LogDirectoryConfiguration: Sendable {
    /// The folder. It and missing parents are created.
    package var path: String
    /// A segment that holds something is closed before it would exceed this many bytes. At least 1 KiB; a batch may be
    /// larger than a segment and then has one of its own. 64 MiB: small enough to copy after a failed sync, large
    /// enough that its three extra flushes at the roll do not show.
    package var segmentBytes = 64 << 20
    /// How often the durable mark is written while batches keep coming, and how soon after the last one (DESIGN D2).
    package var markInterval: Duration = .milliseconds(100)
    /// Wait before a partition whose sync failed is opened again; doubles with each failure up to
    /// ``longestReopenDelay``.
    package var reopenDelay: Duration = .seconds(1)
    package var longestReopenDelay: Duration = .seconds(60)

    /// `producer.id.expiration.ms`: a producer that has appended nothing for so long is forgotten. Longer than Kafka's day: a plant
    /// may be cut off over a holiday, and a batch that is sent again after its producer was forgotten is refused.
    package var producerExpiry: Duration = .seconds(7 * 86_400)

    /// Room that is kept back on the disk, so that the broker's own topics go on when it is full; 0 keeps none.
    package var reserveBytes = 0
    /// Partitions that are recovered at a time: most of the time each waits for the disk. 1 makes a simulation repeatable.
    package var recoveryThreads = 8
    /// Hears how far opening has come, on any of its threads.
    package var onRecoveryProgress: RecoveryProgress.Listener?

    package init(path: String) { self.path = path }
}
