import LogStore
import RecordFormat
import Testing

@Suite("Retention of a partition")
struct RetentionPlanTests {
    /// Segments of 10 offsets each from 0 on, oldest first: (bytes, newest append in s; nil is not known).
    private static func segments(_ all: [(Int64, Int64?)]) -> [RetainedSegment] {
        all.enumerated().map { number, one in
            RetainedSegment(
                base: Offset(Int64(number * 10)), nextOffset: Offset(Int64(number * 10 + 10)), bytes: one.0,
                newestAppend: one.1.map { Timestamp(millisecondsSince1970: $0 * 1000) })
        }
    }

    private static func plan(
        _ all: [(Int64, Int64?)], age: Int64? = nil, bytes: Int64? = nil, at now: Int64 = 100, below limit: Int64 = .max
    ) -> RetentionPlan? {
        RetentionPlan(
            segments(all), RetentionPlan.Limits(age: age.map { .seconds($0) }, bytes: bytes),
            at: Timestamp(millisecondsSince1970: now * 1000), below: Offset(limit))
    }

    private static let four: [(Int64, Int64?)] = [(100, 10), (200, 20), (300, 30), (400, 40)]

    @Test(
        "by age lets go what is older, oldest first",
        arguments: [
            (nil, nil), (91, nil), (90, nil), (89, 10), (80, 10), (79, 20), (70, 20), (61, 30),
            (59, 40),
            (0, 40),
        ] as [(Int64?, Int64?)])
    func age(age: Int64?, start: Int64?) {
        #expect(Self.plan(Self.four, age: age)?.logStart.rawValue == start)
    }

    @Test(
        "closes the segment that is being written only when it goes too",
        arguments: [(79, false), (59, true)] as [(Int64, Bool)])
    func rolls(age: Int64, rolls: Bool) {
        #expect(Self.plan(Self.four, age: age)?.rollsActive == rolls)
    }

    @Test(
        "by size lets go while at least as much stays",
        arguments: [
            (1001, nil), (1000, nil), (901, nil), (900, 10), (701, 10), (700, 20), (400, 30), (399, 30),
            (1, 30), (0, 40),
        ] as [(Int64?, Int64?)])
    func size(bytes: Int64?, start: Int64?) {
        #expect(Self.plan(Self.four, bytes: bytes)?.logStart.rawValue == start)
    }

    @Test(
        "never goes past what somebody still needs",
        arguments: [(0, nil), (9, nil), (10, 10), (19, 10), (35, 30), (40, 40)] as [(Int64, Int64?)])
    func holds(limit: Int64, start: Int64?) {
        #expect(Self.plan(Self.four, age: 0, bytes: 0, below: limit)?.logStart.rawValue == start)
    }

    @Test("keeps a segment of which nobody knows the age, one from the future, and an empty one")
    func keeps() {
        #expect(Self.plan([(1, nil), (1, 1)], age: 5) == nil)
        #expect(Self.plan([(1, 101), (1, 1)], age: 5) == nil)
        #expect(Self.plan([(1, Int64.min / 1000), (1, 1)], age: 5) == nil)
        let empty = RetainedSegment(base: .zero, nextOffset: .zero, bytes: 0, newestAppend: nil)
        let limits = RetentionPlan.Limits(age: .zero, bytes: 0)
        #expect(RetentionPlan([empty], limits, at: Timestamp(millisecondsSince1970: 9), below: .zero) == nil)
        #expect(RetentionPlan([], limits, at: Timestamp(millisecondsSince1970: 9), below: .zero) == nil)
    }

    @Test("takes what is too old and then what is too much")
    func both() {
        #expect(Self.plan(Self.four, age: 85, bytes: 650)?.logStart == Offset(20))
    }
}
