import NIOCore
import Testing

@testable import KafkaListener

@Suite("The end of a wait")
struct CommonDeadlineTests {
    private static func end(of milliseconds: Int64, at now: Int64) -> Int64 {
        let start = NIODeadline.uptimeNanoseconds(0)
        let deadline = CommonDeadline(of: .milliseconds(milliseconds), at: start + .microseconds(now))
        return (deadline.time - start).nanoseconds / 1000
    }

    @Test("is one for those that begin within the same eighth of their time")
    func together() {
        let ends = [0, 20_000, 40_000, 62_499].map { Self.end(of: 500, at: 1_000_000 + $0) }
        #expect(ends == [1_500_000, 1_500_000, 1_500_000, 1_500_000])
    }

    @Test("stays the same for those that begin again as soon as they have ended")
    func again() {
        #expect(Self.end(of: 500, at: 1_500_700) == 2_000_000)
    }

    @Test(
        "is never later than was asked for, and a tenth of a second earlier at most",
        arguments: [1, 7, 500, 5000, 30_000])
    func early(_ wait: Int64) {
        for now in stride(from: Int64(3_000_000), to: 4_000_000, by: 9_973) {
            let early = now + wait * 1000 - Self.end(of: wait, at: now)
            #expect(0...min(wait * 125, 100_000) ~= early)
        }
    }
}
