/// Memory that a codec writes into, used again for the next batch.
///
/// It grows as bytes arrive, at most one byte beyond the limit: that byte tells too much from just enough.
struct CodecBuffer: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    private var limit = 0
    private(set) var count = 0

    /// What is kept between batches. Larger ones are rare, and what keeps their memory is often kept itself.
    private static let keptCapacity = 4 << 20
    private static let smallestCapacity = 16 << 10

    init() {}

    deinit { memory?.deallocate() }

    /// Empties it, for at most `limit` bytes, of which there will perhaps be `expected`.
    mutating func begin(limit: Int, expecting expected: Int) {
        precondition(limit >= 0 && limit < Int.max, "A limit of \(limit) bytes")
        count = 0
        self.limit = limit
        if memory == nil || expected > capacity { move(to: min(max(expected, Self.smallestCapacity), limit)) }
    }

    /// The bytes written so far, at an address even if they are none, until the next call that changes this.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    /// Where the next bytes go; never empty.
    mutating func room() throws(CompressionDefect) -> UnsafeMutableRawBufferPointer {
        if count == capacity {
            guard count <= limit else { throw .tooLarge(limit: limit) }
            move(to: min(2 * capacity, limit + 1))
        }
        return UnsafeMutableRawBufferPointer(start: memory.map { $0 + count }, count: capacity - count)
    }

    /// Makes the room larger, for a codec that found it too small.
    mutating func grow() throws(CompressionDefect) {
        guard capacity < limit else { throw .tooLarge(limit: limit) }
        move(to: min(2 * capacity, limit))
    }

    /// Where exactly as many bytes go.
    mutating func room(for needed: Int) throws(CompressionDefect) -> UnsafeMutableRawBufferPointer {
        precondition(needed >= 0, "Room for \(needed) bytes")
        guard needed <= limit - count else { throw .tooLarge(limit: limit) }
        if count + needed > capacity { move(to: max(count + needed, min(2 * capacity, limit))) }
        return UnsafeMutableRawBufferPointer(start: memory.map { $0 + count }, count: needed)
    }

    /// Counts what was written into the room.
    mutating func advance(by written: Int) throws(CompressionDefect) {
        precondition(written >= 0 && written <= capacity - count, "\(written) bytes in \(capacity - count)")
        count += written
        guard count <= limit else { throw .tooLarge(limit: limit) }
    }

    /// Ends the use of the bytes.
    mutating func release() {
        count = 0
        if capacity <= Self.keptCapacity { return }
        memory?.deallocate()
        memory = nil
        capacity = 0
    }

    private mutating func move(to newCapacity: Int) {
        // At least a byte, so that there is an address.
        let size = max(newCapacity, 1)
        let new = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        if let memory {
            new.copyMemory(from: memory, byteCount: count)
            memory.deallocate()
        }
        memory = new
        capacity = size
    }
}
