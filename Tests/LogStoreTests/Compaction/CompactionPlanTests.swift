import LogStore
import RecordFormat
import Testing

@Suite("Whether a partition is due for a compaction")
struct CompactionPlanTests {
    private static let now = time(1_000_000)

    /// Segments of 100 offsets.
    private static func segments(_ descriptions: [(bytes: Int, appended: Int64, isCompacted: Bool)]) -> [ClosedSegment]
    {
        descriptions.enumerated().map { place, one in
            ClosedSegment(
                base: Offset(Int64(place) * 100), nextOffset: Offset(Int64(place) * 100 + 100), bytes: one.bytes,
                appendTimes: time(one.appended - 10)...time(one.appended), isCompacted: one.isCompacted)
        }
    }

    private static func policy(
        ratio: Double = 0.5, minimum: Duration = .zero, maximum: Duration? = nil
    ) -> CompactionPolicy {
        var policy = CompactionPolicy()
        policy.dirtyRatio = ratio
        policy.minimumLag = minimum
        policy.maximumLag = maximum
        return policy
    }

    @Test(
        "goes by the dirty part, and by the age of its first record",
        arguments: [
            (policy(), 51, 49, nil), (policy(), 50, 50, .dirtyRatio(0.5)), (policy(ratio: 0), 3, 1, .dirtyRatio(0.25)),
            (policy(ratio: 1), 1, 99, nil), (policy(ratio: 1), 0, 100, .dirtyRatio(1)), (policy(ratio: 0), 100, 0, nil),
            (policy(ratio: 1, maximum: .milliseconds(110)), 60, 40, .maximumLag),
            (policy(ratio: 1, maximum: .milliseconds(111)), 60, 40, nil),
        ] as [(CompactionPolicy, Int, Int, CompactionPlan.Reason?)])
    func due(policy: CompactionPolicy, clean: Int, dirty: Int, reason: CompactionPlan.Reason?) {
        let segments = Self.segments([(clean, 900_000, true), (dirty, 999_900, false)])
        #expect(CompactionPlan(segments, policy, at: Self.now, below: Offset(200))?.reason == reason)
    }

    @Test("ends below the limit and before the first record that is too young")
    func bounds() throws {
        let segments = Self.segments([(1, 100, true), (1, 200, false), (1, 999_000, false), (1, 300, false)])
        func ends(_ policy: CompactionPolicy, _ limit: Int64) -> Offset? {
            CompactionPlan(segments, policy, at: Self.now, below: Offset(limit))?.dirty.last?.nextOffset
        }
        #expect(ends(Self.policy(), 400) == Offset(400))
        #expect(ends(Self.policy(), 399) == Offset(300))
        #expect(ends(Self.policy(), 199) == nil)
        #expect(ends(Self.policy(minimum: .seconds(1)), 400) == Offset(400))
        #expect(ends(Self.policy(minimum: .milliseconds(1001)), 400) == Offset(200))
    }

    @Test("takes for clean what is so without interruption from the oldest on")
    func clean() throws {
        let segments = Self.segments([(1, 1, true), (1, 1, false), (1, 1, true)])
        let plan = try #require(CompactionPlan(segments, Self.policy(), at: Self.now, below: Offset(300)))
        #expect(plan.clean.count == 1 && plan.dirty.count == 2)
        #expect(
            CompactionPlan(Self.segments([(1, 1, true)]), Self.policy(ratio: 0), at: Self.now, below: Offset(9_999))
                == nil)
    }

    @Test("no time is too far away to count")
    func times() {
        for time in [Int64.min, -1, 0, .max] {
            let segment = ClosedSegment(
                base: .zero, nextOffset: Offset(1), bytes: 1,
                appendTimes: Timestamp(millisecondsSince1970: time)...Timestamp(millisecondsSince1970: time),
                isCompacted: false)
            for now in [Int64.min, 0, .max] {
                _ = CompactionPlan(
                    [segment], Self.policy(minimum: .seconds(Int64.max), maximum: .seconds(Int64.max)),
                    at: Timestamp(millisecondsSince1970: now), below: Offset(1))
            }
        }
    }

    @Test(
        "lets a segment join those before it if they touch, fit, and stay within 2^31 offsets",
        arguments: [
            (0, 100, 400, 600, true), (0, 100, 401, 600, false), (0, 99, 1, 1, false), (0, 100, 0, 1000, true),
            (100 - Int64(Int32.max) + 100, 100, 1, 1, true), (99 - Int64(Int32.max) + 100, 100, 1, 1, false),
        ] as [(Int64, Int64, Int, Int, Bool)])
    func joins(base: Int64, end: Int64, bytes: Int, next: Int, isJoined: Bool) {
        let segment = ClosedSegment(
            base: Offset(100), nextOffset: Offset(200), bytes: next, appendTimes: time(0)...time(0), isCompacted: false)
        #expect(
            CompactionPlan.joins(segment, Offset(base)..<Offset(end), bytes: bytes, segmentBytes: 1000) == isJoined)
    }
}
