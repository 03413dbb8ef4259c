/// Decides whether the committing thread waits a little before it begins a round, so that the appends come together that would
/// otherwise take turns.
///
/// Producers who wait for their acknowledgement fall into two halves without it: while one half is being synced, the other one
/// stages, and each append waits for two syncs. Those who have just been answered come back at once; to wait for them for a part of
/// what a sync takes makes it one, with half the syncs. Where they do not come back, as with producers who do not wait, it is
/// given up for longer and longer.
struct Gathering: Sendable {
    /// What one round showed.
    struct Round: Sendable {
        /// Who waited for it: an append counts for everybody whose record is in it.
        var completed = 0
        /// Who came while it ran, and waits for the next one.
        var staged = 0
        /// From its first write to its completions.
        var duration = Duration.zero
    }

    private var last = Round()
    /// Rounds that begin without waiting.
    private var skips = 0
    private var failures = 0

    /// However slow the disk is: who comes back does so within this.
    static let mostPatience = Duration.milliseconds(1)
    private static let mostSkips = 64

    /// Everybody who was waiting for an acknowledgement when the last round ended.
    private var expected: Int { last.completed + last.staged }

    /// - Parameter staged: who waits for the round which is about to begin.
    /// - Returns: until how many do to wait, and how long at most; `nil`: begin.
    mutating func wait(with staged: Int) -> (count: Int, patience: Duration)? {
        if staged == 0 || staged >= expected { return nil }
        if skips > 0 {
            skips -= 1
            return nil
        }
        return (expected, min(last.duration / 2, Self.mostPatience))
    }

    /// After a wait: whether it was worth its while.
    mutating func noteWait(for count: Int, reached staged: Int) {
        if staged * 4 >= count * 3 {
            failures = 0
        } else {
            failures += 1
            skips = min(Self.mostSkips, 1 << min(failures, 16))
        }
    }

    mutating func note(_ round: Round) {
        if round.completed > 0 { last = round }
    }
}
