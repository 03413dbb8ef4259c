import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// A coordinator whose log and topics are the test's.
struct HeldCoordinator {
    let journal = HeldJournal()
    let topics: Topics
    let coordinator: GroupCoordinator

    /// What the next request brings along.
    final class Topics: Sendable {
        private let image = Mutex(
            TopicImage(
                version: 1, topics: ["orders": TopicImage.Topic(id: ConsumerWorld.orders, partitionCount: 2)]))

        func withLock<Result: Sendable>(_ body: (inout TopicImage) -> Result) -> Result { image.withLock { body(&$0) } }
    }

    init() {
        let topics = Topics()
        let numbers = SeededNumbers(1)
        self.topics = topics
        coordinator = GroupCoordinator(
            journal: journal, offsets: CommittedOffsets(), groups: [:], clock: SimulatedClock().logClock,
            random: { numbers.next() }, partitionExists: { _ in true }, topics: { topics.withLock { $0 } })
    }

    /// What a heartbeat is answered once all is synced.
    func heartbeat(_ request: ConsumerHeartbeat) throws -> ConsumerHeartbeatAnswer {
        let answer = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        coordinator.heartbeat(request) { answer($0) }
        while journal.count > 0 { journal.complete() }
        guard let answer = answer.now else { throw GroupError.coordinatorNotAvailable }
        return try answer.get()
    }
}

/// A log that syncs one append at a time, when the test says so.
final class HeldJournal: GroupJournal {
    private struct State {
        var waiting: [(records: [GroupRecord], completion: @Sendable (Result<Offset, BrokerError>) -> Void)] = []
        var end = Offset.zero
    }

    private let state = Mutex(State())

    func append(
        _ records: [GroupRecord], producer: ProducerIdentity?,
        completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) throws(BrokerError) {
        state.withLock { $0.waiting.append((records, completion)) }
    }

    /// Appends that are not synced.
    var count: Int { state.withLock(\.waiting.count) }
    /// Of the oldest of these.
    var first: [GroupRecord] { state.withLock { $0.waiting.first?.records ?? [] } }

    /// The oldest append is synced, or was not taken.
    func complete(failing error: BrokerError? = nil) {
        let (completion, at) = state.withLock { state in
            let (records, completion) = state.waiting.removeFirst()
            defer { if error == nil { state.end = state.end.advanced(by: Int64(records.count)) } }
            return (completion, state.end)
        }
        completion(error.map { .failure($0) } ?? .success(at))
    }
}
