package import RecordFormat

/// What becomes durable and visible together, or not at all: batches for any number of partitions.
package struct Append: Sendable {
    /// One whole record batch for one partition. Its base offset is overwritten when it is staged.
    package struct Batch: Sendable {
        package let partition: Partition
        package var bytes: [UInt8]
        package init(_ bytes: [UInt8], to partition: Partition) {
            self.partition = partition
            self.bytes = bytes
        }

        /// The batch with its bytes, which nobody else holds then: they are stamped where they lie and not copied.
        package mutating func takeOut() -> Batch {
            var taken: [UInt8] = []
            swap(&taken, &bytes)
            return Batch(taken, to: partition)
        }
    }

    package var batches: [Batch]
    /// For partitions with held visibility: their high watermark once this append is synced.
    package var publications: [Publication]
    /// How many wait for it, 1 or more: rounds are held back a little for those who are expected to come back.
    package var waiters: Int
    /// Called once, on the committing thread: with the offsets of each batch when everything is synced and visible, or
    /// with why it is not. After an error it is in the log either wholly or not at all, and not visible.
    package var completion: @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void

    package struct Publication: Sendable {
        package let partition: Partition
        package let highWatermark: Offset
        package init(_ partition: Partition, upTo highWatermark: Offset) {
            self.partition = partition
            self.highWatermark = highWatermark
        }
    }

    package init(
        _ batches: [Batch], publishing publications: [Publication] = [], waiters: Int = 1,
        completion: @escaping @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void
    ) {
        self.batches = batches
        self.publications = publications
        self.waiters = waiters
        self.completion = completion
    }
}
