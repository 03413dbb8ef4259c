import Testing

@testable import LogStore

@Suite("Gathering appends")
struct GatheringTests {
    private func gathering(completed: Int, staged: Int, taking duration: Duration = .microseconds(200)) -> Gathering {
        var gathering = Gathering()
        gathering.note(Gathering.Round(completed: completed, staged: staged, duration: duration))
        return gathering
    }

    @Test("waits for as many as were waiting when the last round ended, half as long as it took")
    func halves() {
        var gathering = gathering(completed: 8, staged: 8)
        let wait = gathering.wait(with: 8)
        #expect(wait?.count == 16 && wait?.patience == .microseconds(100))
    }

    @Test(
        "does not wait for nobody, nor for who is there already",
        arguments: [(0, 0, 1), (1, 0, 1), (1, 0, 0), (8, 8, 16), (8, 8, 17), (8, 8, 0)])
    func noReason(_ completed: Int, _ staged: Int, _ now: Int) {
        var gathering = gathering(completed: completed, staged: staged)
        let wait = gathering.wait(with: now)
        #expect(wait == nil)
    }

    @Test("waits a millisecond at most, however slow the disk is")
    func slowDisk() {
        var gathering = gathering(completed: 4, staged: 4, taking: .seconds(5))
        let wait = gathering.wait(with: 4)
        #expect(wait?.patience == .milliseconds(1))
    }

    @Test("gives up for longer and longer while those who were answered do not come back, and then not at all")
    func failures() {
        var gathering = gathering(completed: 8, staged: 8)
        var rounds: [Int] = []
        for round in 0..<400 where gathering.wait(with: 8) != nil {
            rounds.append(round)
            gathering.noteWait(for: 16, reached: 11)
        }
        #expect(rounds == [0, 3, 8, 17, 34, 67, 132, 197, 262, 327, 392])
    }

    @Test("waits in every round again after three of four came back")
    func success() {
        var gathering = gathering(completed: 8, staged: 8)
        gathering.noteWait(for: 16, reached: 1)
        while gathering.wait(with: 8) == nil {}
        gathering.noteWait(for: 16, reached: 12)
        let waits = [gathering.wait(with: 8)?.count, gathering.wait(with: 8)?.count]
        #expect(waits == [16, 16])
    }

    @Test("is not misled by a round that only wrote a mark")
    func idleRound() {
        var gathering = gathering(completed: 8, staged: 8)
        gathering.note(Gathering.Round(completed: 0, staged: 0, duration: .seconds(1)))
        let wait = gathering.wait(with: 8)
        #expect(wait?.count == 16)
    }
}
