package import RecordFormat

/// What opening a log directory found and did, or what a verification found.
package struct RecoveryReport: Sendable, Equatable {
    /// Offsets that were acknowledged and cannot be read any more.
    package struct Damage: Sendable, Equatable {
        /// Whose records they are; `nil` where that is not known, or where a file of the whole log is damaged.
        package var partition: TopicPartition?
        package let file: String
        /// Empty where no record is lost.
        package let offsets: Range<Offset>
        package let byte: Int
        package let cause: String
        /// Whether the records of these offsets are gone; not where only what is written about them is wrong.
        package var isLoss = true
        /// Another file holds the same offsets.
        var isOverlap = false
        /// The medium does not give the bytes back.
        var isUnreadable = false

        package init(
            partition: TopicPartition? = nil, file: String, offsets: Range<Offset>, byte: Int, cause: String,
            isLoss: Bool = true
        ) {
            self.partition = partition
            self.file = file
            self.offsets = offsets
            self.byte = byte
            self.cause = cause
            self.isLoss = isLoss
        }

        package var description: String {
            let range =
                offsets.isEmpty ? "none" : "\(offsets.lowerBound)..\(offsets.upperBound.advanced(by: -1))"
            return "\(file) offsets \(range) byte \(byte): \(cause)"
        }
    }

    /// Bytes above the durable mark that were no whole batches: a write that a power cut or a kill ended.
    package struct TornTail: Sendable, Equatable {
        package let file: String
        package let byte: Int
        package let count: Int
        package let cause: String
    }

    /// Offsets that a repair has given up; see ``KnownGap``.
    package struct Gap: Sendable, Equatable {
        package var partition: TopicPartition
        package let file: String
        package let offsets: Range<Offset>
        package let cause: String

        package var description: String {
            "\(file) offsets \(offsets.lowerBound)..\(offsets.upperBound.advanced(by: -1)): \(cause)"
        }
    }

    package var damages: [Damage] = []
    package var tornTails: [TornTail] = []
    package var gaps: [Gap] = []
    /// What was put right, or looks odd and does no harm.
    package var notes: [String] = []
    /// Bytes that had to be read: what lay above the durable marks, and segments without a seal.
    package var scannedBytes = 0

    package init() {}

    mutating func add(_ other: RecoveryReport) {
        damages += other.damages
        tornTails += other.tornTails
        gaps += other.gaps
        notes += other.notes
        scannedBytes += other.scannedBytes
    }

    /// The same, of this partition.
    mutating func add(_ other: RecoveryReport, of partition: TopicPartition) {
        var other = other
        for place in other.damages.indices { other.damages[place].partition = partition }
        for place in other.gaps.indices { other.gaps[place].partition = partition }
        add(other)
    }
}
