import Testing

@testable import LogStore

@Suite("Gathering appends")
struct GatheringTests {
    private func gathering(
        completed: Int, staged: Int, taking duration: Duration = .microseconds(200), sync: Duration = .microseconds(150)
    ) -> Gathering {
        var gathering = Gathering()
        gathering.note(Gathering.Round(completed: completed, staged: staged, duration: duration, sync: sync))
        return gathering
    }

    @Test("waits for as many as were waiting when the last round ended, as long as it took")
    func everybody() {
        var gathering = gathering(completed: 8, staged: 8)
        let wait = gathering.wait(with: 8)
        #expect(wait?.count == 16 && wait?.patience == .microseconds(200))
    }

    @Test("waits for one half only, once everybody took longer than a sync three times to come back")
    func halves() {
        var gathering = gathering(completed: 8, staged: 8)
        var counts: [Int] = []
        for _ in 0..<4 {
            guard let wait = gathering.wait(with: 2) else { break }
            counts.append(wait.count)
            gathering.noteWait(for: wait.count, reached: wait.count, after: .microseconds(151))
        }
        #expect(counts == [16, 16, 16, 8])
        let enough = gathering.wait(with: 8)
        #expect(enough == nil)
    }

    @Test("looks every 64 rounds whether it still takes longer than a sync, and if not, waits for everybody again")
    func halvesEnd() {
        var gathering = gathering(completed: 8, staged: 8)
        for _ in 0..<3 { gathering.noteWait(for: 16, reached: 16, after: .microseconds(151)) }
        let halves = (0..<64).map { _ in gathering.wait(with: 2)?.count }
        #expect(halves.allSatisfy { $0 == 8 })
        var counts: [Int?] = []
        for waited in [150, 151, 151, 150, 150] {
            counts.append(gathering.wait(with: 2)?.count)
            gathering.noteWait(for: 16, reached: 16, after: .microseconds(waited))
        }
        #expect(counts.allSatisfy { $0 == 16 })
    }

    @Test("counts those waits only that follow each other")
    func interrupted() {
        var gathering = gathering(completed: 8, staged: 8)
        for reached in [16, 16, 1, 16] { gathering.noteWait(for: 16, reached: reached, after: .microseconds(151)) }
        while gathering.wait(with: 2) == nil {}
        let wait = gathering.wait(with: 2)
        #expect(wait?.count == 16)
    }

    @Test("does not take the time of one half for that of everybody")
    func halfIsNotAll() {
        var gathering = gathering(completed: 8, staged: 8)
        for _ in 0..<4 { gathering.noteWait(for: 8, reached: 8, after: .microseconds(500)) }
        let wait = gathering.wait(with: 2)
        #expect(wait?.count == 16)
    }

    @Test("judges nobody by a round that did not wait for the disk")
    func unsynced() {
        var gathering = gathering(completed: 8, staged: 8, sync: .zero)
        for _ in 0..<4 { gathering.noteWait(for: 16, reached: 16, after: .microseconds(100)) }
        let wait = gathering.wait(with: 2)
        #expect(wait?.count == 16)
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
            gathering.noteWait(for: 16, reached: 11, after: .microseconds(100))
        }
        #expect(rounds == [0, 3, 8, 17, 34, 67, 132, 197, 262, 327, 392])
    }

    @Test("waits in every round again after three of four came back")
    func success() {
        var gathering = gathering(completed: 8, staged: 8)
        gathering.noteWait(for: 16, reached: 1, after: .microseconds(100))
        while gathering.wait(with: 8) == nil {}
        gathering.noteWait(for: 16, reached: 12, after: .microseconds(100))
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
