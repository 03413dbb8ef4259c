import Dispatch
import Synchronization

/// The thread that commits: one per log directory, because blocking calls do not belong on Swift's cooperative pool
/// (DESIGN D6).
///
/// It runs rounds while something is staged, sleeps until the next deadline otherwise, and does the directory's other
/// blocking work between rounds.
package final class Committer: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isStopping = false
        var isStopped = false
        /// Who waits for the end.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let directory: LogDirectory
    private let state = Mutex(State())
    private let work = WorkCall()

    /// Starts the thread. It holds the directory until ``stop()``.
    /// - Throws: `.storage` if the system has no thread to give; the directory is as before.
    package init(_ directory: LogDirectory) throws(LogStoreError) {
        self.directory = directory
        let work = work
        directory.onStaged { work.call() }
        do throws(DiskError) {
            try PlatformThread.start(name: "committer") { self.run() }
        } catch {
            throw LogStoreError("Cannot commit to \(directory.configuration.path)", error)
        }
    }

    /// Has `job` run between two rounds.
    /// - Returns: `false` once the committer was stopped; the job is dropped then.
    package func enqueue(_ job: @escaping @Sendable () -> Void) -> Bool {
        let accepted = state.withLock { state in
            if state.isStopping { return false }
            state.jobs.append(job)
            return true
        }
        if accepted { work.call() }
        return accepted
    }

    /// Commits what is staged, closes the directory and ends the thread. Returns when the folder is free, to whoever calls it
    /// and however often.
    package func stop() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isStopped = state.withLock { state in
                if state.isStopped { return true }
                state.waiters.append(continuation)
                if !state.isStopping { state.jobs.append { self.close() } }
                state.isStopping = true
                return false
            }
            if isStopped { continuation.resume() } else { work.call() }
        }
    }

    private func close() {
        directory.close()
        let waiters = state.withLock { state in
            state.isStopped = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func run() {
        var gathering = Gathering()
        while true {
            let (jobs, isStopping) = state.withLock { state in
                defer { state.jobs = [] }
                return (state.jobs, state.isStopping)
            }
            for job in jobs { job() }
            if isStopping { return }
            gather(&gathering)
            var round = Gathering.Round()
            let start = directory.clock.monotonic()
            let due = directory.runCommitRound(flushingAll: false, noting: &round)
            let end = directory.clock.monotonic()
            round.duration = end - start
            gathering.note(round)
            work.wait(for: due.map { max(.zero, $0 - end) })
        }
    }

    /// Waits for those who are expected to stage soon.
    private func gather(_ gathering: inout Gathering) {
        guard let (count, patience) = gathering.wait(with: directory.waitingCount) else { return }
        directory.staging.withLock { $0.quorum = count }
        let start = directory.clock.monotonic()
        var waiting = directory.waitingCount
        while waiting < count {
            let left = start + patience - directory.clock.monotonic()
            if left <= .zero || state.withLock({ !$0.jobs.isEmpty }) { break }
            work.wait(for: left)
            waiting = directory.waitingCount
        }
        directory.staging.withLock { $0.quorum = 1 }
        gathering.noteWait(for: count, reached: waiting, after: directory.clock.monotonic() - start)
    }
}
