package import RecordFormat

/// Gathers rows into record batches, one being filled per topic, so that memory stays bounded however large a transaction is.
package struct RowBatches: Sendable {
    package struct Batch: Sendable {
        package let topic: String
        package let bytes: [UInt8]
    }

    /// Records of one batch. Larger ones cost readers more than they save.
    package static let maximumRecords = 1000
    /// Bytes of one batch, unless a single record is larger.
    package static let maximumBytes = 1 << 20
    /// Bytes of one record: half of what a batch can have, and more than a Postgres value can be.
    package static let maximumRecordBytes = 1 << 30

    private var builders: [String: RecordBatchBuilder] = [:]
    /// Topics with records, in the order in which they got their first.
    private var filling: [String] = []
    /// Records in all batches that are being filled.
    private var heldBytes = 0

    package init() {}

    package var isEmpty: Bool { filling.isEmpty }

    /// - Returns: the batches that are full now.
    /// - Throws: `.unusableTable` for a record that no batch can hold.
    package mutating func append(_ record: Record, to topic: String) throws(CaptureError) -> [Batch] {
        let size = RecordBatchBuilder.sizeBound(of: record)
        if size > Self.maximumRecordBytes {
            throw CaptureError(
                .unusableTable,
                "A change for topic \(topic) has \(size) bytes; the log takes at most \(Self.maximumRecordBytes).",
                remedy: "Take the table out of the flow, or its large column out of the table.")
        }
        var full: [Batch] = []
        var builder = builders.removeValue(forKey: topic) ?? RecordBatchBuilder()
        if builder.count > 0, builder.byteCount + size > Self.maximumBytes {
            heldBytes -= builder.byteCount
            full.append(Batch(topic: topic, bytes: builder.finish()))
            filling.removeAll { $0 == topic }
        }
        let before = builder.count == 0 ? 0 : builder.byteCount
        if builder.count == 0 { filling.append(topic) }
        builder.append(record)
        heldBytes += builder.byteCount - before
        if builder.count >= Self.maximumRecords || builder.byteCount >= Self.maximumBytes {
            heldBytes -= builder.byteCount
            full.append(Batch(topic: topic, bytes: builder.finish()))
            filling.removeAll { $0 == topic }
        }
        builders[topic] = builder
        // A transaction over very many tables must not hold one half-full batch for each of them.
        if heldBytes > 8 * Self.maximumBytes { full += finish() }
        return full
    }

    /// All that is left.
    package mutating func finish() -> [Batch] {
        let batches = filling.compactMap { topic -> Batch? in
            guard let bytes = builders[topic]?.finish() else { return nil }
            return Batch(topic: topic, bytes: bytes)
        }
        filling.removeAll(keepingCapacity: true)
        heldBytes = 0
        return batches
    }
}
