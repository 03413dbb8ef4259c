/// Why compressed bytes do not become records.
enum CompressionDefect: Error, Equatable {
    case endsEarly
    /// What the codec's library, or the framing around it, says of them.
    case malformed(String)
    case tooLarge(limit: Int)
    case outOfMemory

    func error(batchAt offset: Offset, _ codec: RecordBatchAttributes.Codec, count: Int) -> RecordFormatError {
        let batch = "Batch at offset \(offset), \(count) bytes of \(codec)"
        switch self {
        case .endsEarly: return RecordFormatError(.malformedCompression, "\(batch): they end too early.")
        case .malformed(let what): return RecordFormatError(.malformedCompression, "\(batch): \(what).")
        case .tooLarge(let limit):
            return RecordFormatError(.decompressionLimit, "\(batch): they become more than the \(limit) allowed.")
        case .outOfMemory: return RecordFormatError(.outOfMemory, "\(batch): no memory for the codec's library.")
        }
    }
}

extension String {
    /// What a C library calls an error. It never gives none, but its type allows that.
    init(libraryText text: UnsafePointer<CChar>?) {
        self = text.map { String(cString: $0) } ?? "unknown error"
    }
}
