import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The clock of appends")
struct AppendClockTests {
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(millisecondsSince1970: milliseconds) }

    @Test(
        "goes on from the newest append, wherever the calendar is",
        arguments: [0, 1_000, 4_070_908_800_000, -5] as [Int64])
    func newest(wall: Int64) {
        let clock = AppendClock(newest: at(5_000), wall: at(wall), monotonic: .seconds(10))
        #expect(clock.time(at: .seconds(10)) == at(5_000))
        #expect(clock.time(at: .milliseconds(12_345)) == at(7_345))
    }

    @Test("begins with the calendar in an empty log, never goes back, and ends at the end of time")
    func bounds() {
        let clock = AppendClock(newest: nil, wall: at(77), monotonic: .seconds(10))
        #expect(clock.time(at: .seconds(11)) == at(1_077))
        #expect(clock.time(at: .seconds(9)) == at(77))
        let late = AppendClock(newest: at(.max - 1), wall: at(0), monotonic: .zero)
        #expect(late.time(at: .seconds(5)) == at(.max))
        #expect(late.time(at: .seconds(Int64.max)) == at(.max))
    }

    @Test("lets nothing go early when the calendar shows 2099 for an hour")
    func jump() {
        let world = SimulatedClock()
        let clock = AppendClock(newest: nil, wall: world.wall, monotonic: world.now)
        let week = RetentionPlan.Limits(age: .seconds(7 * 86_400))
        let segments = [
            RetainedSegment(
                base: .zero, nextOffset: Offset(9), bytes: 100, newestAppend: clock.time(at: world.now))
        ]
        let before = world.wall
        var firstGone: Int?
        for hour in 1...200 {
            if hour == 5 { world.setWall(at(4_070_908_800_000)) }
            world.advance(milliseconds: 3_600_000)
            if hour == 6 { world.setWall(at(before.millisecondsSince1970 + 6 * 3_600_000)) }
            let plan = RetentionPlan(segments, week, at: clock.time(at: world.now), below: Offset(9))
            if plan != nil, firstGone == nil { firstGone = hour }
        }
        #expect(firstGone == 7 * 24 + 1)
    }
}
