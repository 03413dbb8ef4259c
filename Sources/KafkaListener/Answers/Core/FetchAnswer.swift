import EdgeBroker
import KafkaWire
import LogStore
import RecordFormat
import Synchronization

enum FetchAnswer: Answering {
    typealias API = Fetch

    static func answer(_ request: Fetch.Request, _ exchange: Exchange<Fetch>) { _ = begin(request, exchange) }

    static func begin(_ request: Fetch.Request, _ exchange: Exchange<Fetch>) -> (@Sendable () -> Void)? {
        // Sessions are not kept; a client that names one begins anew.
        if request.sessionID != 0, request.sessionEpoch > 0 {
            exchange.respond { $0.errorCode = .fetchSessionIDNotFound }
            return nil
        }
        let wait = FetchWait(request, exchange)
        if request.isolationLevel == 0 {
            if !wait.begin() { return nil }
        } else {
            let names = FoundRecords.partitions(of: request, exchange)
            StableOffsets.find(names, exchange.service.broker) { _ = wait.begin() }
        }
        return { wait.cancel() }
    }
}

/// A fetch that waits until there are as many bytes as the client wants, or as long as it will.
private final class FetchWait: Sendable {
    private struct State {
        var poll: LongPoll?
        var isOver = false
    }

    private let request: Fetch.Request
    private let exchange: Exchange<Fetch>
    private let deadline: Duration
    private let state = Mutex(State())

    init(_ request: Fetch.Request, _ exchange: Exchange<Fetch>) {
        self.request = request
        self.exchange = exchange
        deadline = exchange.service.broker.monotonicNow + .milliseconds(Int64(max(0, request.maxWaitMs)))
    }

    /// - Returns: whether it waits.
    func begin() -> Bool {
        let found = FoundRecords(request, exchange)
        let left = deadline - exchange.service.broker.monotonicNow
        if found.isEnough(for: request) || left <= .zero || state.withLock({ $0.isOver }) {
            state.withLock { $0.isOver = true }
            exchange.respond(found.response, records: found.records)
            return false
        }
        let poll = exchange.service.broker.longPoll(
            found.ends, isCommitted: request.isolationLevel == 1)
        let isOver = state.withLock { state in
            state.poll = poll
            return state.isOver
        }
        if isOver { poll.end() }
        poll.begin(patience: left) { [self] in _ = begin() }
        return true
    }

    /// The client has gone, or the broker stops: whatever there is, is the answer.
    func cancel() {
        let poll = state.withLock { state in
            state.isOver = true
            return state.poll
        }
        poll?.end()
    }
}
