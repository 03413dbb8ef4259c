import Testing

@testable import LogStore

@Suite("Ranges of bytes")
struct ByteRangesTests {
    static let insertions: [([Range<Int>], [Range<Int>])] = [
        ([0..<10], [0..<10]),
        ([0..<10, 20..<30], [0..<10, 20..<30]),
        ([20..<30, 0..<10], [0..<10, 20..<30]),
        ([0..<10, 10..<20], [0..<20]),
        ([10..<20, 0..<10], [0..<20]),
        ([0..<10, 20..<30, 5..<25], [0..<30]),
        ([0..<10, 20..<30, 40..<50, 10..<40], [0..<50]),
        ([0..<50, 10..<20], [0..<50]),
        ([0..<10, 5..<5], [0..<10]),
    ]

    @Test("join where they touch, and stay in order", arguments: insertions)
    func insert(_ insertions: [Range<Int>], _ expected: [Range<Int>]) {
        var ranges = ByteRanges(0..<0)
        for range in insertions { ranges.insert(range) }
        #expect(ranges.ranges == expected)
    }

    @Test("say where the one around a byte ends", arguments: [(0, 10), (9, 10), (10, nil), (25, 30), (30, nil)])
    func end(_ position: Int, _ end: Int?) {
        var ranges = ByteRanges(0..<10)
        ranges.insert(20..<30)
        #expect(ranges.end(of: position) == end)
    }

    @Test("are few: the smallest is forgotten")
    func most() {
        var ranges = ByteRanges(1000..<1100)
        for number in 0..<ByteRanges.most { ranges.insert((number * 20)..<(number * 20 + (number == 3 ? 1 : 10))) }
        #expect(ranges.ranges.count == ByteRanges.most)
        #expect(ranges.end(of: 60) == nil && ranges.end(of: 1050) == 1100)
    }
}
