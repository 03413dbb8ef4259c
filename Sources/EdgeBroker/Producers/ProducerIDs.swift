import LogStore
import RecordFormat
import Synchronization

/// Gives out producer ids, none twice: a block of them is durable as given out before the first of it is used.
final class ProducerIDs: Sendable {
    private struct State {
        var next: Int64
        /// Ids below it may be used.
        var end: Int64
        var isTaking = false
        var waiting: [@Sendable (Result<Int64, BrokerError>) -> Void] = []
    }

    /// Kafka's number. What a restart skips of it does not matter: there are 2^63.
    static let block: Int64 = 1000

    private let topic: InternalTopic
    private let state: Mutex<State>
    let notes: [String]

    /// Reads what was given out. Blocking.
    init(_ catalogue: TopicCatalogue, _ blockingWork: BlockingWork) throws(BrokerError) {
        topic = InternalTopic(ProducerIDRecord.topic, catalogue, blockingWork)
        var next: Int64 = 0
        notes = try topic.replay { stored in
            guard let value = stored.record.value, let record = ProducerIDRecord(decoding: value) else { return false }
            next = max(next, record.next)
            return true
        }
        state = Mutex(State(next: next, end: next))
    }

    /// - Parameter floor: ids that are known from elsewhere are below it, should the topic be damaged.
    func skip(to floor: Int64) {
        state.withLock { state in
            if floor <= state.next { return }
            state.next = floor
            state.end = max(state.end, floor)
        }
    }

    /// - Parameter completion: called once, at once if the block has one left, otherwise on the committing thread.
    func next(_ completion: @escaping @Sendable (Result<Int64, BrokerError>) -> Void) {
        let (id, mustTake) = state.withLock { state -> (Int64?, Bool) in
            if state.next < state.end, state.waiting.isEmpty {
                defer { state.next += 1 }
                return (state.next, false)
            }
            state.waiting.append(completion)
            defer { state.isTaking = true }
            return (nil, !state.isTaking)
        }
        if let id { completion(.success(id)) }
        if mustTake { takeBlock() }
    }

    private func takeBlock() {
        topic.withPartition { [self] result in
            if case .failure(let error) = result { return settle(.failure(error)) }
            let end = state.withLock { state in max(state.next, state.end) + Self.block }
            do throws(BrokerError) {
                try topic.stage(key: ProducerIDRecord.key, value: ProducerIDRecord(next: end).encoded) { error in
                    if let error { self.settle(.failure(error)) } else { self.settle(.success(end)) }
                }
            } catch {
                settle(.failure(error))
            }
        }
    }

    private func settle(_ result: Result<Int64, BrokerError>) {
        var answers: [(@Sendable (Result<Int64, BrokerError>) -> Void, Result<Int64, BrokerError>)] = []
        let isShort = state.withLock { state in
            switch result {
            case .failure(let error):
                // Whether the record is in the log is not known: the block is skipped.
                answers = state.waiting.map { ($0, .failure(error)) }
                state.next = max(state.next, state.end) + Self.block
                state.end = state.next
                state.waiting = []
            case .success(let end):
                if state.next >= state.end { state.next = end - Self.block }
                state.end = end
                let count = Int(min(Int64(state.waiting.count), state.end - state.next))
                for waiter in state.waiting.prefix(count) {
                    answers.append((waiter, .success(state.next)))
                    state.next += 1
                }
                state.waiting.removeFirst(count)
            }
            state.isTaking = !state.waiting.isEmpty
            return state.isTaking
        }
        for (waiter, result) in answers { waiter(result) }
        if isShort { takeBlock() }
    }
}
