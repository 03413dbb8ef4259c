/// Decides whether the committing thread waits a little before it begins a round, so that the appends come together that would
/// otherwise take turns.
///
/// Producers who wait for their acknowledgement come back as soon as they have it. Where that takes less than a sync, one round for
/// all of them is best, with half the syncs that two would need: the thread waits for everybody. Where it takes longer, because
/// they are many, the disk and the processor would wait for each other, and two halves are best: one comes back while the other
/// is being synced (decision 19). Where they do not come back, as with producers who do not wait, it is given up for longer
/// and longer.
struct Gathering: Sendable {
    /// What one round showed.
    struct Round: Sendable {
        /// Who waited for it: an append counts for everybody whose record is in it.
        var completed = 0
        /// Who came while it ran, and waits for the next one.
        var staged = 0
        /// From its first write to its completions.
        var duration = Duration.zero
        /// The part of it for which the disk was waited for.
        var sync = Duration.zero
    }

    private var last = Round()
    /// Rounds that begin without waiting.
    private var skips = 0
    private var failures = 0
    /// Rounds that wait for one half only.
    private var halves = 0
    /// Waits for everybody, one after the other, that took longer than a sync.
    private var slowReturns = 0

    /// However slow the disk is: who comes back does so within this.
    static let mostPatience = Duration.milliseconds(1)
    private static let mostSkips = 64
    private static let slowReturnsBelieved = 3
    /// Then everybody is waited for again, to see whether it still takes longer than a sync.
    private static let halvesInARow = 64

    /// Everybody who was waiting for an acknowledgement when the last round ended.
    private var expected: Int { last.completed + last.staged }

    /// - Parameter staged: who waits for the round which is about to begin.
    /// - Returns: until how many do to wait, and how long at most; `nil`: begin.
    mutating func wait(with staged: Int) -> (count: Int, patience: Duration)? {
        let isHalf = halves > 0
        if isHalf { halves -= 1 }
        let count = isHalf ? (expected + 1) / 2 : expected
        if staged == 0 || staged >= count { return nil }
        if skips > 0 {
            skips -= 1
            return nil
        }
        return (count, min(last.duration, Self.mostPatience))
    }

    /// After a wait: whether it was worth its while.
    mutating func noteWait(for count: Int, reached staged: Int, after waited: Duration) {
        if staged * 4 < count * 3 {
            failures += 1
            slowReturns = 0
            skips = min(Self.mostSkips, 1 << min(failures, 16))
            return
        }
        failures = 0
        // Only who waited for a sync can have come back later than that.
        if count < expected || last.sync == .zero { return }
        slowReturns = waited > last.sync ? slowReturns + 1 : 0
        if slowReturns >= Self.slowReturnsBelieved { (halves, slowReturns) = (Self.halvesInARow, 0) }
    }

    mutating func note(_ round: Round) {
        if round.completed > 0 { last = round }
    }
}
