package import RecordFormat

/// What opening a log directory found and did.
package struct RecoveryReport: Sendable, Equatable {
    /// Offsets that were acknowledged and cannot be read any more.
    package struct Damage: Sendable, Equatable {
        package let file: String
        package let offsets: Range<Offset>
        package let byte: Int
        package let cause: String

        package init(file: String, offsets: Range<Offset>, byte: Int, cause: String) {
            self.file = file
            self.offsets = offsets
            self.byte = byte
            self.cause = cause
        }

        package var description: String {
            "\(file) offsets \(offsets.lowerBound)..\(offsets.upperBound.advanced(by: -1)) byte \(byte): \(cause)"
        }
    }

    /// Bytes above the durable mark that were no whole batches: a write that a power cut or a kill ended.
    package struct TornTail: Sendable, Equatable {
        package let file: String
        package let byte: Int
        package let count: Int
        package let cause: String
    }

    package var damages: [Damage] = []
    package var tornTails: [TornTail] = []
    /// What was put right, or looks odd and does no harm.
    package var notes: [String] = []
    /// Bytes that had to be read: what lay above the durable marks, and segments without a seal.
    package var scannedBytes = 0

    package init() {}
}
