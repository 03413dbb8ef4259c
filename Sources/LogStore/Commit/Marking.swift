import Synchronization

/// When the durable marks are written, and what becomes of them when their file fails (DESIGN D2).
extension LogDirectory {
    func isMarkDue(_ state: borrowing CommitState) -> Bool {
        guard let due = state.nextMark else { return false }
        return due <= clock.monotonic()
    }

    /// Writes the marks of everything that is synced further than its mark.
    /// - Returns: whether the marks' file must be synced now.
    func stageMarks(_ state: inout CommitState) -> Bool {
        state.markDue = nil
        do throws(DiskError) {
            if state.marksNeedRewrite { try state.marks.rewrite() }
            state.marksNeedRewrite = false
            // A failed partition will go back to before its last round, however much of that a roll had synced: it gets
            // its mark when it is open again, or the mark would stand above its end.
            let slots = state.unmarked.filter { state.failures[$0] == nil }
            for slot in slots.sorted() {
                try state.marks.stage(
                    state.writers[slot].withLock {
                        $0.mark(at: PlantedBug.markBeforeData.isActive ? $0.written : $0.synced)
                    })
            }
            state.unmarked.subtract(slots)
            return true
        } catch {
            return postponeMarks(&state, error)
        }
    }

    func settleMarks(_ state: inout CommitState, _ error: DiskError?) {
        if let error { _ = postponeMarks(&state, error) } else { state.marks.settle() }
    }

    /// A mark is only ever behind, never wrong: without it recovery reads more. So appends go on, and it is tried
    /// again.
    func postponeMarks(_ state: inout CommitState, _ error: DiskError) -> Bool {
        tell(.marksPostponed(error))
        state.marksNeedRewrite = true
        state.unmarked.formUnion(state.writers.indices.filter { !state.retired.contains($0) })
        state.markDue = clock.monotonic() + configuration.reopenDelay
        return false
    }

    func nextDeadline(_ state: borrowing CommitState) -> Duration? {
        let reopening = state.failures.values.map(\.retryAt).min()
        var flushing: Duration?
        for (slot, interval) in state.buffered where state.failures[slot] == nil {
            guard let since = state.writers[slot].withLock({ $0.dirtySince }) else { continue }
            flushing = min(flushing ?? since + interval, since + interval)
        }
        return [reopening, flushing, state.nextMark].compactMap { $0 }.min()
    }

    /// Writes and syncs all marks and checkpoints, and writes the indexes, at a clean stop.
    /// - Returns: whether every partition is synced, and its mark says how far.
    func markEverything() -> Bool {
        committing.withLock { state in
            var isWhole = stageMarks(&state)
            if isWhole {
                let error = disk.sync([state.marks.dirtyFile]).first ?? nil
                settleMarks(&state, error)
                isWhole = error == nil
            }
            for slot in state.writers.indices where state.failures[slot] == nil && !state.retired.contains(slot) {
                do throws(DiskError) {
                    try state.writers[slot].withLock { (writer) throws(DiskError) in try writer.finish() }
                } catch {
                    // Indexes and checkpoints are caches: whoever needs one that could not be written does without.
                    isWhole = false
                }
            }
            do throws(DiskError) {
                try writeCheckpoints()
            } catch {
                isWhole = false
            }
            return isWhole && state.failures.isEmpty && state.unmarked.isEmpty
        }
    }
}
