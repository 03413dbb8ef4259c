import RecordFormat
import Synchronization

/// How far readers may read in each partition. All of a round's watermarks move in one step, so that nobody sees a part
/// of it.
final class HighWatermarks: Sendable {
    private struct Waiter {
        let id: UInt64
        let beyond: Offset
        let isolation: Isolation
        let resume: @Sendable () -> Void
    }

    private struct State {
        var offsets: [Offset] = []
        /// Where the oldest open transaction begins, of the partitions that have one.
        var openStarts: [Int: Offset] = [:]
        /// Slots of which it is not known whether they have one.
        var unknown: Set<Int> = []
        var waiters: [[Waiter]] = []
        /// Slots whose watermark moves no more.
        var ended: Set<Int> = []
        var nextID: UInt64 = 0
        var isClosed = false

        /// - Returns: what those waited for who need not wait any more.
        mutating func move(_ slot: Int, to offset: Offset) -> [@Sendable () -> Void] {
            if offset <= offsets[slot] { return [] }
            offsets[slot] = offset
            if waiters[slot].isEmpty { return [] }
            let stable = end(of: slot, .committed)
            let isDone = { (waiter: Waiter) in waiter.beyond < (waiter.isolation == .committed ? stable : offset) }
            let woken = waiters[slot].filter(isDone).map(\.resume)
            waiters[slot].removeAll(where: isDone)
            return woken
        }

        func end(of slot: Int, _ isolation: Isolation) -> Offset {
            guard isolation == .committed, let start = openStarts[slot] else { return offsets[slot] }
            return min(start, offsets[slot])
        }
    }

    private let state = Mutex(State())

    /// Adds the next slot.
    /// - Parameter isEmpty: it has never had a record.
    func add(_ offset: Offset, isEmpty: Bool) {
        state.withLock { state in
            if !isEmpty { state.unknown.insert(state.offsets.count) }
            state.offsets.append(offset)
            state.waiters.append([])
        }
    }

    /// The last stable offset; `nil` while it is not known.
    func stableOffset(of slot: Int) -> Offset? {
        state.withLock { $0.unknown.contains(slot) ? nil : $0.end(of: slot, .committed) }
    }

    /// Several at once, from one moment; `nil` while one of them is not known.
    func stableOffsets(of slots: [Int]) -> [Offset]? {
        state.withLock { state in
            slots.contains { state.unknown.contains($0) } ? nil : slots.map { state.end(of: $0, .committed) }
        }
    }

    func offset(of slot: Int) -> Offset { state.withLock { $0.offsets[slot] } }

    /// Several at once, from one moment.
    func offsets(of slots: [Int]) -> [Offset] { state.withLock { state in slots.map { state.offsets[$0] } } }

    /// Moves watermarks together, and wakes who waits for them.
    /// - Parameter opens: where the oldest open transaction begins, where that is known.
    func publish(_ moves: [(slot: Int, offset: Offset)], opens: [(slot: Int, start: Offset?)] = []) {
        for call in move(moves, opens: opens) { call() }
    }

    /// Moves watermarks together. One that would go back stays: what was readable stays readable.
    /// - Returns: what to call once no lock is held.
    func move(
        _ moves: [(slot: Int, offset: Offset)], opens: [(slot: Int, start: Offset?)] = []
    ) -> [@Sendable () -> Void] {
        state.withLock { state in
            for (slot, start) in opens {
                state.openStarts[slot] = start
                state.unknown.remove(slot)
            }
            var woken: [@Sendable () -> Void] = []
            for (slot, offset) in moves { woken += state.move(slot, to: offset) }
            return woken
        }
    }

    /// The same for one.
    func move(_ slot: Int, to offset: Offset) -> [@Sendable () -> Void] {
        state.withLock { $0.move(slot, to: offset) }
    }

    /// Takes back what readers of a buffered partition have seen and the disk has lost.
    /// - Returns: whether there was something to take back.
    func lower(to offset: Offset, of slot: Int) -> Bool {
        state.withLock { state in
            guard state.offsets[slot] > offset else { return false }
            state.offsets[slot] = offset
            return true
        }
    }

    /// Calls `resume` once when the watermark, or the last stable offset, is above `offset`, at once if it is so already, or if the
    /// log is closed or the partition gone.
    /// - Returns: a ticket for ``cancel(_:of:)``, or `nil` if `resume` was called already.
    func notify(
        of slot: Int, beyond offset: Offset, _ isolation: Isolation, _ resume: @escaping @Sendable () -> Void
    ) -> UInt64? {
        let ticket: UInt64? = state.withLock { state in
            if state.isClosed || state.end(of: slot, isolation) > offset || state.ended.contains(slot) { return nil }
            state.nextID += 1
            state.waiters[slot].append(Waiter(id: state.nextID, beyond: offset, isolation: isolation, resume: resume))
            return state.nextID
        }
        if ticket == nil { resume() }
        return ticket
    }

    /// Calls the waiter's `resume` now, if it still waits.
    func cancel(_ ticket: UInt64, of slot: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters[slot].firstIndex(where: { $0.id == ticket }) else { return nil }
            return state.waiters[slot].remove(at: index)
        }
        waiter?.resume()
    }

    /// Wakes who waits for a partition that is no more; later waits do not wait.
    func end(_ slot: Int) {
        let woken = state.withLock { state in
            state.ended.insert(slot)
            defer { state.waiters[slot] = [] }
            return state.waiters[slot]
        }
        for waiter in woken { waiter.resume() }
    }

    /// Wakes everybody; later waits do not wait.
    func close() {
        let woken = state.withLock { state in
            state.isClosed = true
            let all = state.waiters.flatMap { $0 }
            state.waiters = Array(repeating: [], count: state.waiters.count)
            return all
        }
        for waiter in woken { waiter.resume() }
    }
}
