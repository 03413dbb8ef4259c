import EdgeBroker
import KafkaWire
import LogStore
import NIOCore
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
        var timer: Scheduled<Void>?
        var isOver = false
    }

    private let request: Fetch.Request
    private let exchange: Exchange<Fetch>
    private let state = Mutex(State())

    init(_ request: Fetch.Request, _ exchange: Exchange<Fetch>) {
        self.request = request
        self.exchange = exchange
    }

    /// - Returns: whether it waits.
    func begin() -> Bool {
        let found = FoundRecords(request, exchange)
        if found.isEnough(for: request) || request.maxWaitMs <= 0 || state.withLock({ $0.isOver }) {
            let timer = state.withLock { state in
                state.isOver = true
                return state.timer
            }
            timer?.cancel()
            exchange.respond(found.response, records: found.records)
            return false
        }
        startTimer()
        let poll = exchange.service.broker.longPoll(
            found.ends, isCommitted: request.isolationLevel == 1)
        let isOver = state.withLock { state in
            state.poll = poll
            return state.isOver
        }
        if isOver { poll.end() }
        poll.begin(patience: nil) { [self] in _ = begin() }
        return true
    }

    private func startTimer() {
        state.withLock { state in
            if state.timer != nil || state.isOver { return }
            let deadline = CommonDeadline(of: .milliseconds(Int64(request.maxWaitMs)), at: .now())
            state.timer = exchange.request.eventLoop.scheduleTask(deadline: deadline.time) { [weak self] in
                self?.cancel()
            }
        }
    }

    /// The time is over, the client has gone, or the broker stops: whatever there is, is the answer.
    func cancel() {
        let poll = state.withLock { state in
            state.isOver = true
            return state.poll
        }
        poll?.end()
    }
}
