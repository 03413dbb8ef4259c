import RecordFormat

/// The records of one partition on their way into batches, of which one at a time is being appended.
///
/// What comes while a batch is on its way makes the next one. So batches are as large as the log is slow, without anybody having
/// waited for company; and the order of the records is the order of the calls, whatever fails.
struct BatchQueue<Waiter: Sendable>: Sendable {
    struct Batch: Sendable {
        fileprivate(set) var builder = RecordBatchBuilder()
        /// One for each record.
        fileprivate(set) var waiters: [Waiter] = []
        /// Bytes that the records were counted with.
        fileprivate(set) var countedBytes = 0

        /// The encoded batch. The builder is empty then.
        mutating func finish() -> [UInt8] { builder.finish() }
    }

    /// What to do after a record was added.
    enum Next {
        case nothing
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
    /// Of the open batch.
    private var number: UInt64 = 0

    /// - Parameter limit: bytes at which a batch is full.
    init(limit: Int, lingers: Bool) {
        self.limit = limit
        self.lingers = lingers
    }

    /// - Parameter size: at least the bytes that the record takes in a batch.
    mutating func add(_ record: borrowing Record, size: Int, _ waiter: Waiter) -> Next {
        if !open.waiters.isEmpty, open.builder.byteCount + size > limit { closeOpen() }
        open.builder.append(record)
        open.waiters.append(waiter)
        open.countedBytes += size
        if isSending { return .nothing }
        if !lingers || !full.isEmpty || open.builder.byteCount >= limit, let batch = takeNext() { return .send(batch) }
        return open.waiters.count == 1 ? .linger(number) : .nothing
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
