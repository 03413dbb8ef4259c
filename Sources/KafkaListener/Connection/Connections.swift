import NIOCore
import Synchronization

/// All connections of a listener: how many there may be, and how many bytes of requests they hold.
final class Connections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var newcomers = Newcomers()
        var bytesInFlight = 0
        var waitingBytes = 0
        var isDraining = false
        /// Called when there is room for requests again.
        var waiting: [@Sendable () -> Void] = []
    }

    private let mostConnections: Int
    private let mostBytes: Int
    private let state = Mutex(State())

    init(_ configuration: KafkaListenerConfiguration) {
        mostConnections = configuration.mostConnections
        mostBytes = configuration.mostBytesInFlight
    }

    var count: Int { state.withLock { $0.channels.count } }

    /// Takes a new connection in, for which an idle one may have to go.
    /// - Returns: false if there is no place, and the connection is to be closed.
    func add(_ channel: any Channel) -> Bool {
        let (isTaken, evicted) = state.withLock { state -> (Bool, (any Channel)?) in
            if state.isDraining { return (false, nil) }
            var evicted: (any Channel)?
            if state.channels.count >= mostConnections {
                guard let oldest = state.newcomers.removeOldest() else { return (false, nil) }
                evicted = state.channels.removeValue(forKey: oldest)
            }
            state.channels[ObjectIdentifier(channel)] = channel
            state.newcomers.add(ObjectIdentifier(channel))
            return (true, evicted)
        }
        evicted?.close(promise: nil)
        return isTaken
    }

    /// The connection has sent a request: it is somebody's.
    func prove(_ channel: any Channel) {
        state.withLock { state in state.newcomers.remove(ObjectIdentifier(channel)) }
    }

    func remove(_ channel: any Channel) {
        state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            state.newcomers.remove(ObjectIdentifier(channel))
        }
    }

    /// - Returns: those that are open; no further one is taken in.
    func drain() -> [any Channel] {
        state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
    }

    // MARK: Memory

    /// Counts the bytes of a request.
    /// - Returns: whether there is room for more.
    func take(_ bytes: Int) -> Bool {
        state.withLock { state in
            state.bytesInFlight += bytes
            return state.bytesInFlight < mostBytes
        }
    }

    /// Counts the bytes of requests that are not served yet, or that are no more.
    /// - Returns: false if there are too many, as many as those that are served may take; then a connection must go.
    func hold(_ bytes: Int) -> Bool {
        state.withLock { state in
            state.waitingBytes += bytes
            return bytes <= 0 || state.waitingBytes < mostBytes
        }
    }

    func release(_ bytes: Int) {
        let waiting = state.withLock { state -> [@Sendable () -> Void] in
            state.bytesInFlight -= bytes
            if state.bytesInFlight >= mostBytes { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call() }
    }

    /// Calls `body` once when there is room again; perhaps at once.
    func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let hasRoom = state.withLock { state in
            if state.bytesInFlight < mostBytes { return true }
            state.waiting.append(body)
            return false
        }
        if hasRoom { body() }
    }
}
