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
        let bytes = name.utf8
        guard bytes.count == digitCount + suffix.utf8.count, bytes.dropFirst(digitCount).elementsEqual(suffix.utf8)
        else { return nil }
        return base(bytes.prefix(digitCount))
    }

    /// The base offset in the name of any file of a segment.
    static func anyBase(of name: String) -> Offset? {
        let bytes = name.utf8
        guard bytes.count > digitCount, bytes.dropFirst(digitCount).first == UInt8(ascii: ".") else { return nil }
        return base(bytes.prefix(digitCount))
    }

    private static let digitCount = 20

    private static func base(_ digits: some Sequence<UInt8>) -> Offset? {
        var value: Int64 = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return nil }
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tens.addingReportingOverflow(Int64(digit - 48))
            if isTooLarge || isLarger { return nil }
            value = sum
        }
        return Offset(value)
    }

    private static func digits(_ base: Offset) -> String {
        // A start asks for some of them for every segment.
        String(unsafeUninitializedCapacity: digitCount) { text in
            var rest = base.rawValue.magnitude
            for place in (0..<digitCount).reversed() {
                text[place] = 48 + UInt8(rest % 10)
                rest /= 10
            }
            return digitCount
        }
    }
}
