import ChangeEvents
import RecordFormat

extension PgOutputMessage {
    /// A row has at most 1,664 columns (`MaxTupleAttributeNumber`).
    private static let maximumColumns = 1664
    /// From 1970 to 2000 in microseconds.
    private static let epoch: Int64 = 946_684_800_000_000

    package init(decoding bytes: UnsafeRawBufferPointer) throws(PgOutputFault) {
        var reader = PgOutputReader(bytes)
        self = try Self.read(&reader)
        guard reader.bytesLeft == 0 else { throw reader.fault("\(reader.bytesLeft) bytes after the message") }
    }

    private static func read(_ reader: inout PgOutputReader) throws(PgOutputFault) -> PgOutputMessage {
        let kind: UInt8 = try reader.integer()
        switch kind {
        case UInt8(ascii: "I"):
            let relation: UInt32 = try reader.integer()
            return .insert(relation: relation, new: try newRow(&reader))
        case UInt8(ascii: "U"):
            let relation: UInt32 = try reader.integer()
            let marker: UInt8 = try reader.integer()
            if marker == UInt8(ascii: "N") { return .update(relation: relation, old: nil, new: try tuple(&reader)) }
            let old = try oldRow(marker, &reader)
            return .update(relation: relation, old: old, new: try newRow(&reader))
        case UInt8(ascii: "D"):
            let relation: UInt32 = try reader.integer()
            return .delete(relation: relation, old: try oldRow(try reader.integer(), &reader))
        case UInt8(ascii: "B"):
            let lsn: UInt64 = try reader.integer()
            let time = try time(&reader)
            return .begin(Begin(commitLSN: LSN(lsn), commitTime: time, transactionID: try reader.integer()))
        case UInt8(ascii: "C"):
            _ = try reader.integer(UInt8.self)
            let lsn: UInt64 = try reader.integer()
            let end: UInt64 = try reader.integer()
            _ = try time(&reader)
            guard lsn < end else { throw reader.fault("a commit that ends before it begins") }
            return .commit(Commit(commitLSN: LSN(lsn), endLSN: LSN(end)))
        case UInt8(ascii: "R"): return .relation(try relation(&reader))
        case UInt8(ascii: "T"): return .truncate(relations: try truncated(&reader))
        case UInt8(ascii: "M"):
            let flags: UInt8 = try reader.integer()
            let lsn: UInt64 = try reader.integer()
            let prefix = try reader.text()
            return .message(
                LogicalMessage(
                    isTransactional: flags & 1 == 1, lsn: LSN(lsn), prefix: prefix, content: try reader.block()))
        case UInt8(ascii: "O"):
            _ = try reader.integer(UInt64.self)
            _ = try reader.text()
            return .origin
        case UInt8(ascii: "Y"):
            // The catalogue tells more of a type than this does.
            _ = try reader.integer(UInt32.self)
            _ = try reader.text()
            _ = try reader.text()
            return .type
        default: throw reader.fault("a message of unknown kind \(kind)")
        }
    }

    private static func time(_ reader: inout PgOutputReader) throws(PgOutputFault) -> Int64 {
        let (time, overflow) = try reader.integer(Int64.self).addingReportingOverflow(epoch)
        guard !overflow, EventTime.range.contains(time) else {
            throw reader.fault("a time outside the years 1 to 9999")
        }
        return time
    }

    private static func newRow(_ reader: inout PgOutputReader) throws(PgOutputFault) -> TextTuple {
        guard try reader.integer(UInt8.self) == UInt8(ascii: "N") else {
            throw reader.fault("no new row where one must be")
        }
        return try tuple(&reader)
    }

    private static func oldRow(_ marker: UInt8, _ reader: inout PgOutputReader) throws(PgOutputFault) -> OldRow {
        switch marker {
        case UInt8(ascii: "K"): return .key(try tuple(&reader))
        case UInt8(ascii: "O"): return .full(try tuple(&reader))
        default: throw reader.fault("no old row where one must be")
        }
    }

    private static func tuple(_ reader: inout PgOutputReader) throws(PgOutputFault) -> TextTuple {
        let count = Int(try reader.integer(UInt16.self))
        // A cell has at least one byte.
        guard count <= maximumColumns, count <= reader.bytesLeft else { throw reader.fault("\(count) columns") }
        var cells: [TextCell] = []
        cells.reserveCapacity(count)
        for _ in 0..<count {
            switch try reader.integer(UInt8.self) {
            case UInt8(ascii: "t"):
                let text = try reader.block()
                cells.append(.text(start: text.lowerBound, count: text.count))
            case UInt8(ascii: "n"): cells.append(.null)
            case UInt8(ascii: "u"): cells.append(.unchanged)
            case let kind: throw reader.fault("a value of kind \(kind)")
            }
        }
        return TextTuple(cells)
    }

    private static func relation(_ reader: inout PgOutputReader) throws(PgOutputFault) -> Relation {
        let oid: UInt32 = try reader.integer()
        let schema = try reader.text()
        let name = try reader.text()
        let identity: ReplicaIdentity
        switch try reader.integer(UInt8.self) {
        case UInt8(ascii: "d"): identity = .default
        case UInt8(ascii: "n"): identity = .nothing
        case UInt8(ascii: "f"): identity = .full
        case UInt8(ascii: "i"): identity = .index
        case let other: throw reader.fault("a replica identity \(other)")
        }
        let count = Int(try reader.integer(UInt16.self))
        guard count <= maximumColumns, count <= reader.bytesLeft else { throw reader.fault("\(count) columns") }
        var columns: [Relation.Column] = []
        columns.reserveCapacity(count)
        for _ in 0..<count {
            let flags: UInt8 = try reader.integer()
            let name = try reader.text()
            let type: UInt32 = try reader.integer()
            columns.append(
                Relation.Column(name: name, type: type, typeModifier: try reader.integer(), isIdentity: flags & 1 == 1))
        }
        // The catalogue's namespace comes without its name.
        let table = TableName(schema: schema.isEmpty ? "pg_catalog" : schema, name: name)
        return Relation(oid: oid, table: table, identity: identity, columns: columns)
    }

    private static func truncated(_ reader: inout PgOutputReader) throws(PgOutputFault) -> [UInt32] {
        let count = Int(try reader.integer(Int32.self))
        _ = try reader.integer(UInt8.self)
        guard count >= 0, count <= reader.bytesLeft / 4 else { throw reader.fault("\(count) truncated tables") }
        var relations: [UInt32] = []
        relations.reserveCapacity(count)
        for _ in 0..<count { relations.append(try reader.integer()) }
        return relations
    }
}
