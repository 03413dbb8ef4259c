/// Ranges of bytes of one file, few and sorted, for which something holds.
struct ByteRanges: Sendable, Equatable {
    /// Readers go through a file in order, so their ranges grow together. More than these come only from many readers at
    /// once, and then the smallest is forgotten: it is looked at again.
    static let most = 16

    private(set) var ranges: [Range<Int>]

    init(_ first: Range<Int>) { ranges = first.isEmpty ? [] : [first] }

    /// Where the range that holds `position` ends; `nil` if none does.
    func end(of position: Int) -> Int? { ranges.first { $0.contains(position) }?.upperBound }

    mutating func insert(_ range: Range<Int>) {
        if range.isEmpty { return }
        var merged = range
        ranges.removeAll { other in
            guard other.lowerBound <= merged.upperBound, merged.lowerBound <= other.upperBound else { return false }
            merged = min(other.lowerBound, merged.lowerBound)..<max(other.upperBound, merged.upperBound)
            return true
        }
        ranges.insert(merged, at: ranges.firstIndex { $0.lowerBound > merged.lowerBound } ?? ranges.endIndex)
        if ranges.count > Self.most, let smallest = ranges.indices.min(by: { ranges[$0].count < ranges[$1].count }) {
            ranges.remove(at: smallest)
        }
    }
}
