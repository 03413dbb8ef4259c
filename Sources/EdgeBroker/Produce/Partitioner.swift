import RecordFormat

/// Chooses a record's partition as Kafka's own producer does: by its key, or, without one, one partition for a whole batch and
/// then another (KIP-480), so that batches become large.
package struct Partitioner: Sendable {
    private let random: @Sendable () -> UInt64
    /// Where records without a key go until ``moveOn(from:of:)``.
    private var current: [String: Int32] = [:]

    init(random: @escaping @Sendable () -> UInt64) { self.random = random }

    /// - Parameter count: of partitions, 1 or more.
    package static func partition(forKey key: [UInt8], of count: Int) -> Int32 {
        // Kafka clears the sign bit rather than taking the absolute value, which Int32.min does not have.
        Int32(key.withUnsafeBytes(Murmur2.hash) & 0x7fff_ffff) % Int32(count)
    }

    mutating func partition(for record: borrowing Record, in topic: String, of count: Int) -> Int32 {
        if count == 1 { return 0 }
        if let key = record.key { return Self.partition(forKey: key, of: count) }
        if let current = current[topic], current < count { return current }
        let chosen = Int32(random() % UInt64(count))
        current[topic] = chosen
        return chosen
    }

    /// A batch of a partition was sent: the next records without a key go to another one.
    mutating func moveOn(from partition: Int32, of topic: String, count: Int) {
        guard count > 1, current[topic] == partition else { return }
        let step = 1 + Int32(random() % UInt64(count - 1))
        current[topic] = (partition + step) % Int32(count)
    }
}
