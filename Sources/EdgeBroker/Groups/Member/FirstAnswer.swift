import Synchronization

/// The first answer of several, for the one who waits: that of whoever was asked, or that of a cancellation, whichever comes sooner.
final class FirstAnswer<Answer: Sendable>: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Answer, Never>)
        case given(Answer)
        case done
    }

    private let state = Mutex(State.idle)

    /// Resumes `continuation` with the first answer, at once if there was one. To be called once.
    func wait(_ continuation: CheckedContinuation<Answer, Never>) {
        let given = state.withLock { state -> Answer? in
            if case .given(let answer) = state {
                state = .done
                return answer
            }
            state = .waiting(continuation)
            return nil
        }
        if let given { continuation.resume(returning: given) }
    }

    /// Any number of times, on any thread.
    func give(_ answer: Answer) {
        let waiting = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            switch state {
            case .idle: state = .given(answer)
            case .waiting(let continuation):
                state = .done
                return continuation
            case .given, .done: break
            }
            return nil
        }
        waiting?.resume(returning: answer)
    }
}
