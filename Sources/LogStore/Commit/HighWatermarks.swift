import RecordFormat
import Synchronization

/// How far readers may read in each partition. All of a round's watermarks move in one step, so that nobody sees a part
/// of it.
final class HighWatermarks: Sendable {
    private struct Waiter {
        let id: UInt64
        let beyond: Offset
        let resume: @Sendable () -> Void
    }

    private struct State {
        var offsets: [Offset] = []
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
            let woken = waiters[slot].filter { $0.beyond < offset }.map(\.resume)
            waiters[slot].removeAll { $0.beyond < offset }
            return woken
        }
    }

    private let state = Mutex(State())

    /// Adds the next slot.
    func add(_ offset: Offset) {
        state.withLock {
            $0.offsets.append(offset)
            $0.waiters.append([])
        }
    }

    func offset(of slot: Int) -> Offset { state.withLock { $0.offsets[slot] } }

    /// Several at once, from one moment.
    func offsets(of slots: [Int]) -> [Offset] { state.withLock { state in slots.map { state.offsets[$0] } } }

    /// Moves watermarks together, and wakes who waits for them.
    func publish(_ moves: [(slot: Int, offset: Offset)]) {
        for call in move(moves) { call() }
    }

    /// Moves watermarks together. One that would go back stays: what was readable stays readable.
    /// - Returns: what to call once no lock is held.
    func move(_ moves: [(slot: Int, offset: Offset)]) -> [@Sendable () -> Void] {
        state.withLock { state in
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

    /// Calls `resume` once when the watermark is above `offset`, at once if it is so already, or if the log is
    /// closed or the partition gone.
    /// - Returns: a ticket for ``cancel(_:of:)``, or `nil` if `resume` was called already.
    func notify(of slot: Int, beyond offset: Offset, _ resume: @escaping @Sendable () -> Void) -> UInt64? {
        let ticket: UInt64? = state.withLock { state in
            if state.isClosed || state.offsets[slot] > offset || state.ended.contains(slot) { return nil }
            state.nextID += 1
            state.waiters[slot].append(Waiter(id: state.nextID, beyond: offset, resume: resume))
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
