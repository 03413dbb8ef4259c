import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A time index")
struct TimeIndexTests {
    private static let golden = "0000018bcfe5680000000005" + "0000018bcfe5680300000046"

    private func index(_ hex: String, nextOffset: Int64 = 171) throws -> TimeIndex? {
        TimeIndex(decoding: try bytes(hex), base: Offset(100), nextOffset: Offset(nextOffset))
    }

    @Test("has these bytes")
    func golden() throws {
        let index = try #require(try index(Self.golden))
        #expect(
            index.entries == [
                TimeIndexEntry(timestamp: time(1_700_000_000_000), relativeOffset: 5),
                TimeIndexEntry(timestamp: time(1_700_000_000_003), relativeOffset: 70),
            ])
        #expect(hex(index.encoded) == Self.golden)
        #expect(index.largest == time(1_700_000_000_003))
    }

    @Test(
        "is none if it is cut, not rising in both fields, before 1970, or reaches past the segment's end",
        arguments: [
            "0000018bcfe5680000000005" + "0000018bcfe56803000000",
            "0000018bcfe5680000000005" + "0000018bcfe5680000000046",
            "0000018bcfe5680000000005" + "0000018bcfe5680300000005",
            "0000018bcfe5680000000005" + "0000018bcfe5680300000047",
            "ffffffffffffffff00000000",
            "0000018bcfe56800ffffffff",
        ])
    func refused(_ text: String) throws {
        #expect(try index(text) == nil)
    }

    @Test(
        "sends a search to the last entry before its time",
        arguments: [(0, nil), (9, nil), (10, nil), (11, 3), (20, 3), (21, 8), (99, 8)] as [(Int64, Int32?)])
    func lookup(timestamp: Int64, relativeOffset: Int32?) throws {
        let index = try #require(try index("000000000000000a00000003" + "000000000000001400000008"))
        #expect(index.entry(before: time(timestamp))?.relativeOffset == relativeOffset)
    }

    @Test("has no entry of a batch without timestamp")
    func noTimestamp() throws {
        var index = TimeIndex()
        index.note(maxTimestamp: time(-1), lastOffset: Offset(0), base: .zero)
        #expect(index.largest == nil && index.encoded.isEmpty)
    }

    @Test("never sends a search past a batch that it should find", arguments: 1...50 as ClosedRange<UInt64>)
    func law(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var indexes = SegmentIndexes()
        var timestamps: [Int64] = []
        for number in 0..<200 {
            timestamps.append(Int64(random.within(0...1000) + number))
            let header = try header(base: Int64(number), size: 1500, maxTimestamp: timestamps[number])
            indexes.note(header, position: indexes.end, size: 1500, base: .zero)
        }
        for wanted in stride(from: Int64(0), to: 1300, by: 7) {
            guard let first = timestamps.firstIndex(where: { $0 >= wanted }) else { continue }
            let entry = indexes.times.entry(before: time(wanted))
            #expect(Int(entry?.relativeOffset ?? 0) <= first)
        }
    }
}
