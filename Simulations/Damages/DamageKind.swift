/// What happens to one file.
enum DamageKind: String, CaseIterable {
    case flippedBit = "bit"
    /// In the first 12 bytes: of a log, those of one of its batches, which no batch's own CRC covers.
    case flippedHead = "head"
    case zeroedSector = "sector"
    case truncated = "short"
    case missing = "missing"
    /// Exchanged with another file of its kind; where there is none, with another log's.
    case swapped = "swapped"
    /// As it was a while before.
    case stale = "stale"
    /// There again, though it was removed.
    case returned = "returned"
}
