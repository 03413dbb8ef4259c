/// Bytes that are not the record batch they should be: a code to switch on, what is wrong with the values, and what to do.
package struct RecordFormatError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Fewer bytes than a batch header has.
        case incomplete
        /// The number of bytes is not the one the header gives.
        case sizeMismatch
        /// A magic byte other than 2: older than Kafka 0.11, or no batch at all.
        case unsupportedMagic
        /// A field of the header has a value that no writer gives it.
        case invalidHeader
        /// The bytes are not those the checksum was made of.
        case checksumMismatch
        /// The batch is sound, but compressed, and was read as if it were not.
        case compressed
        /// The batch is sound, but holds a transaction marker, not records.
        case controlBatch
        /// The checksum fits, but the records do not decode: written wrongly.
        case malformedRecord
        /// The checksum fits, but the records do not decompress: written wrongly.
        case malformedCompression
        /// The records would become larger than ``DecompressionLimits`` allows.
        case decompressionLimit
        /// A codec's library got no memory for its own state. The batch may be sound.
        case outOfMemory
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var remedy: String {
        switch code {
        case .incomplete, .sizeMismatch:
            "Give the whole batch and nothing else; if it came from a file, verify the log."
        case .unsupportedMagic: "Use a client that writes record batches version 2 (Kafka 0.11 or later)."
        case .invalidHeader, .checksumMismatch:
            "These bytes were damaged: verify the log, or have the producer send again."
        case .compressed: "Read it with a decoder that decompresses."
        case .controlBatch: "Skip it: it holds no records."
        case .malformedRecord, .malformedCompression:
            "The producer's client writes a wrong format: name its version in a report and update it."
        case .decompressionLimit:
            "Have the producer send smaller batches, or see what it is that it sends: no usual records shrink so much."
        case .outOfMemory: "Give the process more memory and read again."
        }
    }

    package var description: String { "\(message) \(remedy)" }
}
