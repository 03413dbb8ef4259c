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

    private struct Filling {
        let topic: String
        var builder = RecordBatchBuilder()
    }

    /// One for each topic that ever had a row; builders learn how large their batches become.
    private var fillings: [Filling] = []
    private var places: [String: Int] = [:]
    /// Those with records, in the order in which they got their first.
    private var order: [Int] = []
    /// Bytes in all batches that are being filled.
    private var heldBytes = 0

    package init() {}

    package var isEmpty: Bool { order.isEmpty }

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
        let place = place(of: topic)
        var full: [Batch] = []
        if !fillings[place].builder.isEmpty, fillings[place].builder.byteCount + size > Self.maximumBytes {
            full.append(finish(place))
        }
        if fillings[place].builder.isEmpty { order.append(place) }
        let before = fillings[place].builder.isEmpty ? 0 : fillings[place].builder.byteCount
        fillings[place].builder.append(record)
        heldBytes += fillings[place].builder.byteCount - before
        if fillings[place].builder.count >= Self.maximumRecords
            || fillings[place].builder.byteCount >= Self.maximumBytes
        {
            full.append(finish(place))
        }
        // A transaction over very many tables must not hold one half-full batch for each of them.
        if heldBytes > 8 * Self.maximumBytes { full += finish() }
        return full
    }

    /// All that is left.
    package mutating func finish() -> [Batch] { order.map { finish($0) } }

    private mutating func place(of topic: String) -> Int {
        if let place = places[topic] { return place }
        let place = fillings.count
        places[topic] = place
        fillings.append(Filling(topic: topic))
        return place
    }

    private mutating func finish(_ place: Int) -> Batch {
        heldBytes -= fillings[place].builder.byteCount
        order.removeAll { $0 == place }
        return Batch(topic: fillings[place].topic, bytes: fillings[place].builder.finish())
    }
}
