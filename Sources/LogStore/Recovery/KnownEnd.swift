import RecordFormat

/// What is known of how a segment ended.
struct KnownEnd {
    enum Kind {
        /// It has a seal: it ends there, whatever the file has.
        case closed
        /// It must have had a seal: all of it was synced, whatever its size was.
        case closedOnce
        /// It was synced as far as ``end``; above it, the log ends at the first bad batch.
        case open
        /// Its mark is lost. At least the offsets below ``end`` were synced.
        case unmarked
    }

    let kind: Kind
    /// The size counts only of a closed and an open one.
    let end: LogPosition
    let hasChecksum: Bool
    /// Who says so, for a person.
    let witness: String
    /// The offset at which another segment begins.
    let next: Offset?

    init(_ kind: Kind, _ end: LogPosition, hasChecksum: Bool = false, witness: String = "", next: Offset? = nil) {
        self.kind = kind
        self.end = end
        self.hasChecksum = hasChecksum
        self.witness = witness
        self.next = next
    }
}
