package import RecordFormat

/// File names inside a partition's folder: twenty digits of base offset and a suffix.
package enum SegmentName {
    package static func log(_ base: Offset) -> String { digits(base) + ".log" }
    package static func index(_ base: Offset) -> String { digits(base) + ".index" }
    package static func timeIndex(_ base: Offset) -> String { digits(base) + ".timeindex" }
    package static func abortedTransactions(_ base: Offset) -> String { digits(base) + ".txnindex" }
    /// What is known of producers before the segment's first record.
    package static func snapshot(_ base: Offset) -> String { digits(base) + ".snapshot" }
    package static func seal(_ base: Offset) -> String { digits(base) + ".seal" }
    /// What is known to be lost from this offset on.
    package static func gap(_ start: Offset) -> String { digits(start) + ".gap" }
    /// Bytes that recovery cut from the end of a segment, kept for whoever wants to know.
    package static func torn(_ base: Offset, at position: Int) -> String { digits(base) + ".\(position).torn" }
    /// Every file of a segment, in the order in which they may go: what speaks of the log before the log.
    package static func removalOrder(of base: Offset) -> [String] {
        [seal(base), index(base), timeIndex(base), abortedTransactions(base), snapshot(base), gap(base), log(base)]
    }
    /// A segment that is being rewritten after a failed sync.
    static func rewrite(_ base: Offset) -> String { digits(base) + ".log.rewrite" }
    /// A segment that a compaction is writing, as Kafka names it.
    package static func cleanedLog(_ base: Offset) -> String { digits(base) + ".log.cleaned" }
    /// The same once it is whole and synced.
    package static func swapLog(_ base: Offset) -> String { digits(base) + ".log.swap" }
    /// Its seal. With it the replacement counts, and what it names is replaced.
    package static func swapSeal(_ base: Offset) -> String { digits(base) + ".seal.swap" }

    /// The base offset in a file name with this suffix, if it is one.
    package static func base(of name: String, suffix: String) -> Offset? {
        guard name.hasSuffix(suffix), name.utf8.count == 20 + suffix.utf8.count else { return nil }
        let number = name.prefix(20)
        guard number.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(number) else { return nil }
        return Offset(value)
    }

    /// The base offset in the name of any file of a segment.
    static func anyBase(of name: String) -> Offset? {
        guard let dot = name.firstIndex(of: ".") else { return nil }
        return base(of: name, suffix: String(name[dot...]))
    }

    private static func digits(_ base: Offset) -> String {
        let text = String(base.rawValue)
        return String(repeating: "0", count: max(0, 20 - text.utf8.count)) + text
    }
}
