package import LogStore
package import RecordFormat
import Synchronization

/// Time that passes only when it is told to. The calendar may jump; the other never goes back.
package final class SimulatedClock: Sendable {
    private struct State {
        var elapsed: Duration = .zero
        var wall: Timestamp
    }
    private let state: Mutex<State>

    /// - Parameter wall: the calendar at the beginning, in ms since 1970.
    package init(wall: Int64 = 1_767_225_600_000) {
        state = Mutex(State(wall: Timestamp(millisecondsSince1970: wall)))
    }

    private init(_ state: State) { self.state = Mutex(state) }

    /// Another clock, which stands at the same time and goes its own way from there.
    package func fork() -> SimulatedClock { SimulatedClock(state.withLock { $0 }) }

    package var now: Duration { state.withLock { $0.elapsed } }

    package var wall: Timestamp { state.withLock { $0.wall } }

    package func advance(milliseconds: Int64) {
        state.withLock { state in
            state.elapsed += .milliseconds(milliseconds)
            state.wall = Timestamp(millisecondsSince1970: state.wall.millisecondsSince1970 + milliseconds)
        }
    }

    /// Sets the calendar, as a time server or a dead battery does.
    package func setWall(_ wall: Timestamp) { state.withLock { $0.wall = wall } }

    /// What the log asks.
    package var logClock: LogClock {
        LogClock(monotonic: { self.now }, wall: { self.wall })
    }
}
