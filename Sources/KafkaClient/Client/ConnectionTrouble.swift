internal import CRdKafka
internal import Synchronization

/// What librdkafka has complained about beside the calls: from its own threads, so that a call which waits in vain can say why.
final class ConnectionTrouble: Sendable {
    private struct State {
        var last: String?
        var remedy: String?
        var count = 0
        var refusal: KafkaClientError?
        var isEveryServerDown = false
    }

    private let state = Mutex(State())

    /// A line of its log, about a connection that failed.
    /// - Parameter counts: it is a failure, and not only what a server may do to a connection at any time, which takes the place of what
    ///   was said before only if it says what to do.
    func add(_ line: String, counts: Bool = true) {
        // `[thrd:h:1/bootstrap]: h:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state …)`
        var text = line[...]
        if text.hasPrefix("[thrd:"), let end = text.firstRange(of: "]: ") { text = text[end.upperBound...] }
        if let end = text.firstRange(of: " (after ") { text = text[..<end.lowerBound] }
        let told = String(text)
        let remedy = TLSMismatch.remedy(for: line)
        state.withLock { state in
            if !counts, remedy == nil, state.last != nil { return }
            state.last = told
            state.remedy = remedy
            if counts { state.count += 1 }
        }
    }

    /// An error that stands for the whole client.
    func add(_ response: rd_kafka_resp_err_t, _ text: String) {
        let (code, _) = ResponseMeaning.of(response)
        state.withLock { state in
            state.count += 1
            if response == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN { state.isEveryServerDown = true }
            if code == .refused {
                let error = KafkaClientError("The server refuses the connection", response, said: text)
                state.refusal = KafkaClientError(
                    error.code, responseCode: error.responseCode, error.message,
                    remedy: TLSMismatch.remedy(for: text) ?? error.remedy)
            }
        }
    }

    /// A refusal will not get better by waiting.
    var refusal: KafkaClientError? { state.withLock(\.refusal) }

    /// No server was reachable at least once.
    var isEveryServerDown: Bool { state.withLock(\.isEveryServerDown) }

    /// How many complaints there were.
    var count: Int { state.withLock(\.count) }

    /// What may be done about the last complaint, if that can be told from its words.
    var remedy: String? { state.withLock(\.remedy) }

    /// The last complaint about a connection.
    var last: String? { state.withLock(\.last) }
}
