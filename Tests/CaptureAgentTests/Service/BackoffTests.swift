import CaptureAgent
import Testing

@Suite("The wait before the source is tried again")
struct BackoffTests {
    @Test("doubles from one second to a minute, and begins anew after a success")
    func doubles() {
        var backoff = Backoff()
        #expect((0..<8).map { _ in backoff.wait(jitter: 0) } == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        backoff.reset()
        #expect(backoff.wait(jitter: 0) == .seconds(1))
    }

    @Test("is cut by up to a half at random")
    func jitters() {
        var backoff = Backoff()
        #expect(backoff.wait(jitter: 1) == .seconds(0.5))
        #expect(backoff.wait(jitter: 0.5) == .seconds(1.5))
    }
}
