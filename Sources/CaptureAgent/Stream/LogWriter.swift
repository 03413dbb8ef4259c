import EdgeBroker
import PostgresClient
import RecordFormat
import Synchronization

/// The capturing thread's way into the log. It never waits for the disk: what is synced comes back through ``collect()``.
final class LogWriter {
    let source: SourceLog
    let stop: StopSignal
    private(set) var confirmation: Confirmation
    private var batches = RowBatches()
    private var ranges = RangeList()
    private let inbox = Inbox()
    /// How long a stop waits for the disk.
    static let lastPatience = Duration.seconds(5)

    init(_ source: SourceLog, position: LSN, stop: StopSignal) {
        self.source = source
        self.stop = stop
        confirmation = Confirmation(position: position, now: .now)
    }

    /// What the committer's thread has to say.
    private final class Inbox: Sendable {
        struct Content {
            var synced: [UInt64] = []
            var failure: BrokerError?
            /// Index records of which nothing was heard yet.
            var outstanding = 0
        }
        let content = Mutex(Content())
    }

    // MARK: Writing

    /// Appends a row, unseen until ``write(_:end:whenSynced:)`` names it.
    func append(_ record: Record, to topic: String) throws(CaptureError) {
        for batch in try batches.append(record, to: topic) { try append(batch) }
    }

    private func append(_ batch: RowBatches.Batch) throws(CaptureError) {
        do throws(BrokerError) {
            ranges.append(try source.appendRows(batch.bytes, to: batch.topic), of: batch.topic)
        } catch {
            throw CaptureError(error)
        }
    }

    /// Appends what is left of the rows, and gives the ranges of all since the last call.
    func takeRanges() throws(CaptureError) -> [TopicRange] {
        for batch in batches.finish() { try append(batch) }
        return ranges.take()
    }

    /// Appends an index record.
    /// - Parameters:
    ///   - end: the position it stands for, if it is one.
    ///   - whenSynced: called on the committer's thread.
    func write(
        _ record: TransactionIndexRecord, end: LSN? = nil, whenSynced: @escaping @Sendable () -> Void = {}
    ) throws(CaptureError) {
        let ticket = confirmation.append(end: end)
        inbox.content.withLock { $0.outstanding += 1 }
        do throws(BrokerError) {
            try source.appendIndex(record) { [inbox, wakeup = stop.wakeup] result in
                if case .success = result { whenSynced() }
                inbox.content.withLock { content in
                    content.outstanding -= 1
                    switch result {
                    case .success: content.synced.append(ticket)
                    case .failure(let error): content.failure = content.failure ?? error
                    }
                }
                wakeup.signal()
            }
        } catch {
            inbox.content.withLock { $0.outstanding -= 1 }
            throw CaptureError(error)
        }
    }

    func writeDuePosition(isInTransaction: Bool) throws(CaptureError) {
        guard let end = confirmation.duePosition(isInTransaction: isInTransaction, now: .now) else { return }
        try write(.position(endLSN: end), end: end)
    }

    func passed(_ end: LSN, isRequested: Bool = false) { confirmation.passed(end, isRequested: isRequested) }

    // MARK: What became of it

    /// Takes what the committer has synced since the last call.
    /// - Throws: why the log takes no more; the session is over then.
    func collect() throws(CaptureError) {
        let (synced, failure) = inbox.content.withLock { content in
            defer { content.synced.removeAll(keepingCapacity: true) }
            return (content.synced, content.failure)
        }
        if !synced.isEmpty { confirmation.synced(synced) }
        if let failure { throw CaptureError(failure) }
    }

    /// Waits until everything appended has been answered, one way or the other: only then may the next session begin.
    /// - Parameter patience: `nil` waits as long as the disk takes, but after a stop for some seconds only.
    func settle(within patience: Duration?) {
        var deadline = patience.map { ContinuousClock.now + $0 }
        while inbox.content.withLock({ $0.outstanding > 0 }) {
            if deadline == nil, stop.isStopped { deadline = .now + Self.lastPatience }
            if let deadline, ContinuousClock.now >= deadline { return }
            // Without the wake-up, a look every now and then must do.
            if (try? stop.wakeup.wait(until: deadline ?? ContinuousClock.now + .seconds(1))) == nil { return }
        }
    }

    // MARK: Waiting

    /// Blocks until `isReady`, looking again whenever the committer or the broker has something to say.
    func wait(until isReady: () throws(CaptureError) -> Bool) throws(CaptureError) {
        while true {
            try collect()
            try stop.check()
            if try isReady() { return }
            do throws(PostgresError) {
                try stop.wakeup.wait(until: nil)
            } catch {
                throw CaptureError(error, "Capture cannot wait")
            }
        }
    }

}

/// What the broker answers to a question of the capturing thread, which does not wait for it in Swift's way.
final class BrokerAnswer<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, BrokerError>?>(nil)

    /// - Parameter wakeup: signalled once the answer is there.
    init(_ wakeup: Wakeup, _ question: @escaping @Sendable () async throws(BrokerError) -> Value) {
        Task {
            let answer: Result<Value, BrokerError>
            do throws(BrokerError) {
                answer = .success(try await question())
            } catch {
                answer = .failure(error)
            }
            result.withLock { $0 = answer }
            wakeup.signal()
        }
    }

    /// - Returns: `nil` until the answer is there.
    func value() throws(CaptureError) -> Value? {
        do throws(BrokerError) {
            return try result.withLock { $0 }?.get()
        } catch {
            throw CaptureError(error)
        }
    }

    /// Blocks until the answer is there.
    func wait(_ wakeup: Wakeup) throws(CaptureError) -> Value {
        while true {
            if let value = try value() { return value }
            do throws(PostgresError) {
                try wakeup.wait(until: nil)
            } catch {
                throw CaptureError(error, "Capture cannot wait")
            }
        }
    }
}
