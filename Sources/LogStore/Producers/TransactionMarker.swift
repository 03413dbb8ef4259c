import RecordFormat

/// The one record of a control batch that ends a transaction, as Kafka writes it, big-endian.
///
/// | where | at | size | field              | meaning                              |
/// |:------|---:|-----:|:-------------------|:-------------------------------------|
/// | key   |  0 |    2 | `version`          | 0                                    |
/// | key   |  2 |    2 | `type`             | 0 abort, 1 commit                    |
/// | value |  0 |    2 | `version`          | 0                                    |
/// | value |  2 |    4 | `coordinatorEpoch` | of the coordinator that wrote it     |
package struct TransactionMarker: Sendable, Equatable {
    package enum Kind: Int16, Sendable {
        case abort, commit
    }

    package let kind: Kind
    package let coordinatorEpoch: Int32

    package init(_ kind: Kind, coordinatorEpoch: Int32) {
        self.kind = kind
        self.coordinatorEpoch = coordinatorEpoch
    }

    /// - Parameter wholeBatch: a control batch.
    /// - Returns: `nil` for one without a record, which a compaction leaves, and for control records of other kinds; neither
    ///   ends a transaction that has records.
    package init?(of wholeBatch: UnsafeRawBufferPointer) {
        do throws(RecordFormatError) {
            var cursor = try RecordCursor(wholeBatch)
            guard cursor.header.attributes.isControl, let record = try cursor.next() else { return nil }
            self.init(key: record.key.map(Array.init) ?? [], value: record.value.map(Array.init) ?? [])
        } catch {
            // Written wrongly by whoever made it: a marker that nobody can read ends nothing.
            return nil
        }
    }

    package init?(key: [UInt8], value: [UInt8]) {
        // Later versions only add fields behind these, so they are read as this one (Kafka does the same).
        var key = FieldReader(key[...])
        var value = FieldReader(value[...])
        let keyVersion = key.next(Int16.self)
        let kind = Kind(rawValue: key.next())
        let valueVersion = value.next(Int16.self)
        coordinatorEpoch = value.next()
        guard let kind, keyVersion >= 0, valueVersion >= 0, !key.ranOut, !value.ranOut else { return nil }
        self.kind = kind
    }

    package var key: [UInt8] {
        var writer = FieldWriter(reserving: 4)
        writer.append(Int16(0))
        writer.append(kind.rawValue)
        return writer.bytes
    }

    package var value: [UInt8] {
        var writer = FieldWriter(reserving: 6)
        writer.append(Int16(0))
        writer.append(coordinatorEpoch)
        return writer.bytes
    }
}
