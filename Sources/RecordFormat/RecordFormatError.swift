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
        /// The batch is sound, but compressed, and there is no decompressor here.
        case unsupportedCodec
        /// The batch is sound, but holds a transaction marker, not records.
        case controlBatch
        /// The checksum fits, but the records do not decode: written wrongly.
        case malformedRecord
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
        case .unsupportedCodec: "Have the producer write with compression `none`."
        case .controlBatch: "Skip it: it holds no records."
        case .malformedRecord:
            "The producer's client writes a wrong format: name its version in a report and update it."
        }
    }

    package var description: String { "\(message) \(remedy)" }
}
