import RecordFormat

/// The records of one partition on their way into batches.
///
/// Where the committing thread writes, a batch stays open until its commit round begins. Elsewhere one at a time is being appended, and
/// what comes meanwhile makes the next one. Either way batches are as large as the log is slow, without anybody having waited for
/// company; and the order of the records is the order of the calls, whatever fails.
struct BatchQueue<Waiter: Sendable>: Sendable {
    struct Batch: Sendable {
        fileprivate(set) var builder = RecordBatchBuilder()
        /// One for each record.
        fileprivate(set) var waiters: [Waiter] = []
        /// Bytes that the records were counted with.
        fileprivate(set) var countedBytes = 0
        /// It stayed open until its round: ``BatchQueue/sent()`` is not to be called for it.
        fileprivate(set) var wasAnnounced = false

        /// The encoded batch. The builder is empty then.
        mutating func finish() -> [UInt8] { builder.finish() }
    }

    /// What to do after a record was added.
    enum Next {
        case nothing
        /// Announce a batch to the log, and call ``takeAnnounced()`` when its round begins.
        case announce
        /// The record has come to the batch that was announced.
        case join
        /// Call ``lingered(_:)`` with this number once the batch has waited long enough.
        case linger(UInt64)
        /// Append it, then call ``sent()``.
        case send(Batch)
    }

    private let limit: Int
    private let lingers: Bool
    private var open = Batch()
    private var full: [Batch] = []
    private var isSending = false
    private var isAnnounced = false
    /// Of the open batch.
    private var number: UInt64 = 0

    /// - Parameter limit: bytes at which a batch is full.
    init(limit: Int, lingers: Bool) {
        self.limit = limit
        self.lingers = lingers
    }

    /// - Parameters:
    ///   - size: at least the bytes that the record takes in a batch.
    ///   - staysOpen: whether a batch may wait for its round.
    mutating func add(_ record: borrowing Record, size: Int, _ waiter: Waiter, staysOpen: Bool = false) -> Next {
        if !open.waiters.isEmpty, open.builder.byteCount + size > limit { closeOpen() }
        open.builder.append(record)
        open.waiters.append(waiter)
        open.countedBytes += size
        if isSending { return .nothing }
        if isAnnounced { return .join }
        if staysOpen, !lingers {
            isAnnounced = true
            return .announce
        }
        if !lingers || !full.isEmpty || open.builder.byteCount >= limit, let batch = takeNext() { return .send(batch) }
        return open.waiters.count == 1 ? .linger(number) : .nothing
    }

    /// What was announced, and everything that has joined it: the first batch, and further ones if it became full.
    mutating func takeAnnounced() -> [Batch] {
        isAnnounced = false
        if !open.waiters.isEmpty { closeOpen() }
        defer { full = [] }
        for index in full.indices { full[index].wasAnnounced = true }
        return full
    }

    /// - Returns: the batch, if it is still the open one and nothing is on its way.
    mutating func lingered(_ number: UInt64) -> Batch? { number == self.number && !isSending ? takeNext() : nil }

    /// The batch on its way is done.
    /// - Returns: what is to be appended next.
    mutating func sent() -> Batch? {
        isSending = false
        return takeNext()
    }

    private mutating func takeNext() -> Batch? {
        if full.isEmpty, !open.waiters.isEmpty { closeOpen() }
        if full.isEmpty { return nil }
        isSending = true
        return full.removeFirst()
    }

    private mutating func closeOpen() {
        full.append(open)
        open = Batch()
        number += 1
    }
}
