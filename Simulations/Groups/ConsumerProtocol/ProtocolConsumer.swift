import EdgeBroker

/// A consumer of the consumer protocol as Kafka's are, seen from outside: one process, one request on its way at a time.
struct ProtocolConsumer {
    typealias Reply = Inbox<Result<ConsumerHeartbeatAnswer, GroupError>>

    struct Request {
        let reply: Reply
        let heartbeat: ConsumerHeartbeat
    }

    /// What one of its threads is still to commit, although the process has given it up meanwhile.
    struct LateCommit {
        let membership: Membership
        let positions: [Int32: Int64]
    }

    let process: Int
    let instance: String?
    var epoch: Int32 = ConsumerHeartbeat.joins
    var request: Request?
    /// What it works on, and up to where it has come.
    var positions: [Int32: Int64] = [:]
    /// Its next heartbeat says what it has.
    var mustTell = false
    /// Another process has its instance id.
    var isFenced = false
    var pausedUntil: Duration?
    /// A commit that was not answered keeps what it has given up from being told: only then may the next owner begin.
    let commits = Commits()
    var late: LateCommit?
    var lastHeartbeat = Duration.zero

    var memberID: String { "m\(process)" }
    var membership: Membership { Membership(memberID: memberID, generation: epoch, instanceID: instance) }
    var isIn: Bool { epoch > 0 }

    /// Its partitions may be somebody else's: it forgets them and joins anew.
    mutating func lose() {
        if !positions.isEmpty { late = LateCommit(membership: membership, positions: positions) }
        positions = [:]
        epoch = ConsumerHeartbeat.joins
    }
}
