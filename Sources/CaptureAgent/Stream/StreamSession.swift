import ChangeEvents
import EdgeBroker
import Logging
import PostgresClient
import RecordFormat

/// Reads a slot's changes into the log until something ends it. It belongs to the capturing thread.
///
/// Keepalives are answered and statuses sent whatever the disk does: the log is never waited for, except that nothing more is
/// read while too much of it is not synced.
final class StreamSession {
    private let configuration: CaptureConfiguration
    private let statusInterval: Duration
    private let stream: ReplicationStream
    private let writer: LogWriter
    private let catalogue: CatalogueSession
    private let counters: CaptureCounters
    private let logger: Logger
    private var machine: TransactionMachine
    private var actions: [CaptureAction] = []
    private var readyTopics: Set<String>

    private var received: LSN
    private var told: LSN
    private var lastStatus = ContinuousClock.now
    /// The end that the server asked us to confirm; it may be waiting for it to shut down.
    private var asked: LSN?

    /// Confirmed positions are gathered for this long: telling each one would cost the server more than it needs.
    private static let statusPause = Duration.milliseconds(100)
    /// Frames between two looks at the clock and the stop signal.
    private static let frames = 64

    init(
        _ configuration: CaptureConfiguration, statusInterval: Duration, _ stream: ReplicationStream,
        _ writer: LogWriter,
        _ catalogue: CatalogueSession, _ machine: consuming TransactionMachine, topics: Set<String>,
        counters: CaptureCounters, logger: Logger
    ) {
        self.configuration = configuration
        self.statusInterval = statusInterval
        self.stream = stream
        self.writer = writer
        self.catalogue = catalogue
        self.machine = machine
        readyTopics = topics
        self.counters = counters
        self.logger = logger
        received = writer.confirmation.confirmed
        // Told at once, so that a slot that lagged behind the log moves.
        told = LSN(0)
    }

    /// - Throws: always, `.stopped` among other things. Everything appended was answered by then, unless the disk hangs.
    func run() throws(CaptureError) -> Never {
        do throws(CaptureError) {
            try sendStatus()
            while true { try turn() }
        } catch {
            // A stop also cuts the catalogue's session, which then fails in its own way.
            if writer.stop.isStopped {
                finish()
                throw StopSignal.stopped
            }
            writer.settle(within: nil)
            stream.close(within: .zero)
            throw error
        }
    }

    /// What is in flight is synced and confirmed once.
    private func finish() {
        writer.settle(within: LogWriter.lastPatience)
        do throws(CaptureError) {
            try writer.collect()
            try sendStatus()
        } catch {
            // The position in the log is what counts; the source only keeps its WAL a little longer.
            logger.debug("The last position was not told to the source", metadata: ["reason": "\(error.message)"])
        }
        stream.close()
    }

    private func turn() throws(CaptureError) {
        try lookAround()
        for _ in 0..<Self.frames {
            if !writer.source.hasRoom(configuration.maximumUnsyncedBytes) {
                return try hold { self.writer.source.hasRoom(self.configuration.maximumUnsyncedBytes / 2) }
            }
            switch stream.next() {
            case .frame(.data(let start, _, let sendTime, let payload)):
                received = max(received, LSN(start))
                try take(payload, sendTime: sendTime)
            case .frame(.keepalive(let end, _, let isRequested)): try take(keepalive: LSN(end), isRequested)
            case .wouldBlock:
                try writer.writeDuePosition(isInTransaction: machine.isInTransaction)
                return try postgres { () throws(PostgresError) in
                    _ = try stream.wait(wakeup: writer.stop.wakeup, until: nextStatus)
                }
            case .ended(let error): throw ended(error)
            }
        }
    }

    /// What must not wait for anything else.
    private func lookAround() throws(CaptureError) {
        try writer.collect()
        try writer.stop.check()
        let answersNow = asked.map { writer.confirmation.confirmed >= $0 } ?? false
        if answersNow || ContinuousClock.now >= nextStatus { try sendStatus() }
    }

    /// Reads nothing more until `isReady`, but goes on speaking.
    private func hold(until isReady: () throws(CaptureError) -> Bool) throws(CaptureError) {
        while !(try isReady()) {
            try postgres { () throws(PostgresError) in try writer.stop.wakeup.wait(until: nextStatus) }
            try lookAround()
        }
    }

    private func postgres(_ body: () throws(PostgresError) -> Void) throws(CaptureError) {
        do throws(PostgresError) {
            try body()
        } catch {
            throw CaptureError(error, "The change stream of slot \(configuration.slot) ended")
        }
    }

    private func ended(_ error: PostgresError) -> CaptureError {
        // undefined_object: the stream is decoded with the catalogue of its own time, in which there is no publication. One
        // that is made now does not help the changes before it.
        guard error.code == .server, error.sqlState == "42704" else {
            return CaptureError(error, "The change stream of slot \(configuration.slot) ended")
        }
        return CaptureError.publicationGap(
            "Publication \(configuration.publication) was dropped", slot: configuration.slot)
    }

    // MARK: What comes

    private func take(keepalive end: LSN, _ isRequested: Bool) throws(CaptureError) {
        received = max(received, end)
        if !machine.isInTransaction { writer.passed(end, isRequested: isRequested) }
        try writer.writeDuePosition(isInTransaction: machine.isInTransaction)
        if isRequested {
            asked = end
            try sendStatus()
        }
    }

    private func take(_ payload: UnsafeRawBufferPointer, sendTime: Int64) throws(CaptureError) {
        let message = try decode(payload)
        actions.removeAll(keepingCapacity: true)
        // From 2000 to 1970; nonsense is refused where the time is used.
        let time = sendTime &+ 946_684_800_000_000
        try machine.receive(message, in: payload, sendTime: time, into: &actions)
        for action in actions { try perform(action) }
    }

    private func decode(_ payload: UnsafeRawBufferPointer) throws(CaptureError) -> PgOutputMessage {
        do throws(PgOutputFault) {
            return try PgOutputMessage(decoding: payload)
        } catch {
            throw CaptureError(
                .protocolViolation, "The source sent a message that cannot be read: \(error).",
                remedy:
                    "The stream is read again from the last whole transaction; if this stays, report the server's version."
            )
        }
    }

    // MARK: What is to be done

    private func perform(_ action: CaptureAction) throws(CaptureError) {
        switch action {
        case .append(let topic, let record): try writer.append(record, to: topic)
        case .commit(let committed): try commit(committed)
        case .passed(let end): writer.passed(end)
        case .lookUp(let relation, let table):
            machine.adopt(relation.oid, as: try catalogue.description(of: relation, as: table))
        case .describe(let topic, let description):
            logger.debug("A table has a new description", metadata: ["topic": "\(topic)"])
            try writer.write(.relation(topic: topic, description: description))
        case .createTopic(let topic): try createTopic(topic)
        }
    }

    private func commit(_ committed: CaptureAction.Committed) throws(CaptureError) {
        let record = CommitRecord(
            commitLSN: committed.commitLSN, endLSN: committed.endLSN, transactionID: committed.transactionID,
            commitTime: committed.commitTime, ranges: try writer.takeRanges())
        try writer.write(.commit(record), end: committed.endLSN) { [counters] in
            counters.update { status in
                status.changes += committed.changes
                status.transactions += 1
                status.lastCommitTime = committed.commitTime
            }
        }
    }

    private func createTopic(_ topic: String) throws(CaptureError) {
        guard readyTopics.insert(topic).inserted else { return }
        logger.info("Making the topic of logical messages", metadata: ["topic": "\(topic)"])
        let source = writer.source
        let answer = BrokerAnswer(writer.stop.wakeup) { () throws(BrokerError) in try await source.createTopic(topic) }
        try hold { () throws(CaptureError) in try answer.value() != nil }
    }

    // MARK: What is told

    private var nextStatus: ContinuousClock.Instant {
        lastStatus + (writer.confirmation.confirmed > told ? Self.statusPause : statusInterval)
    }

    private func sendStatus() throws(CaptureError) {
        let confirmed = writer.confirmation.confirmed
        received = max(received, confirmed)
        try postgres { () throws(PostgresError) in
            try stream.sendStandbyStatus(
                StandbyStatus(written: received.rawValue, flushed: confirmed.rawValue, applied: confirmed.rawValue))
        }
        lastStatus = .now
        told = confirmed
        if let asked, confirmed >= asked { self.asked = nil }
        counters.update { $0.confirmed = confirmed }
    }
}
