import EdgeBroker
import RecordFormat
import Synchronization

/// Counts the answers that the broker has given.
final class Turns: Sendable {
    private let count = Atomic<Int>(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

/// What a request was answered, once it was. A consumer that no longer waits has thrown it away.
final class Inbox<Value: Sendable>: Sendable {
    private let value = Mutex<(Value, turn: Int)?>(nil)
    func put(_ value: Value, turn: Int = 0) { self.value.withLock { $0 = (value, turn) } }
    func take() -> (Value, turn: Int)? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}

/// Commits on their way.
final class Commits: Sendable {
    private let count = Atomic<Int>(0)
    var areAnswered: Bool { count.load(ordering: .relaxed) <= 0 }
    func send() { count.add(1, ordering: .relaxed) }
    func receive() { count.subtract(1, ordering: .relaxed) }
    /// The connection is gone: there will be no answers.
    func forget() { count.store(0, ordering: .relaxed) }
}

/// A consumer as Kafka's are, seen from outside: one process with one membership.
struct Consumer {
    enum Phase: CustomStringConvertible {
        /// Is to join.
        case out
        case joining(Inbox<Result<JoinAnswer, GroupError>>)
        case syncing(Inbox<Result<SyncAnswer, GroupError>>, JoinAnswer)
        case working
        /// Another process has its instance id.
        case fenced

        var description: String {
            switch self {
            case .out: "out"
            case .joining: "joining"
            case .syncing: "syncing"
            case .working: "working"
            case .fenced: "fenced"
            }
        }
    }

    /// What one of its threads is still to commit, although the process has joined anew meanwhile.
    struct LateCommit {
        let membership: Membership
        let positions: [Int32: Int64]
    }

    let process: Int
    let instance: String?
    let isTwoStep: Bool
    let supportsSkipping: Bool
    var phase = Phase.out
    var memberID = ""
    var generation: Int32 = -1
    /// What it was given last; sticky assignors are told of it.
    var known: [TopicPartition] = []
    /// What it works on, and up to where it has come.
    var positions: [Int32: Int64] = [:]
    /// The process is stopped until then.
    var pausedUntil: Duration?
    /// Commits that were not answered. It joins only then: what it fetched before would not tell it of them.
    let commits = Commits()
    var late: LateCommit?
    var lastHeartbeat = Duration.zero

    var membership: Membership { Membership(memberID: memberID, generation: generation, instanceID: instance) }

    var isWorking: Bool { if case .working = phase { true } else { false } }
    var isFenced: Bool { if case .fenced = phase { true } else { false } }

    /// Its partitions may be somebody else's: it forgets them.
    mutating func lose(forgettingID: Bool) {
        positions = [:]
        known = []
        generation = -1
        if forgettingID { memberID = "" }
        phase = .out
    }
}
