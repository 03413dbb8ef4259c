import RecordFormat

extension PlainFormat {
    /// Reads a record's value.
    /// - Parameter jsonColumns: names of json and jsonb columns, ``TableDescription/jsonColumns``. Their values come out as
    ///   `.json` whatever they are; without it a json `"a"` cannot be told from a text `a`.
    package static func decode(
        _ value: [UInt8], jsonColumns: Set<String> = []
    ) throws(ChangeEventsError) -> ChangeEvent {
        do throws(JSONFault) {
            return try withJSONReader(value) { reader throws(JSONFault) in try event(&reader, jsonColumns) }
        } catch {
            throw malformed("value", error)
        }
    }

    /// Reads a record's key.
    package static func decodeKey(
        _ key: [UInt8], jsonColumns: Set<String> = []
    ) throws(ChangeEventsError) -> [Field] {
        do throws(JSONFault) {
            return try withJSONReader(key) { reader throws(JSONFault) in try row(&reader, jsonColumns) }
        } catch {
            throw malformed("key", error)
        }
    }

    private static func malformed(_ what: String, _ fault: JSONFault) -> ChangeEventsError {
        ChangeEventsError(
            .malformedEvent, "A record's \(what) is not a plain change event: \(fault).",
            remedy: "Only capture may write to a captured topic; run `edgebroker log verify` on the data directory.")
    }

    private static func event(_ reader: inout JSONReader, _ jsonColumns: Set<String>) throws(JSONFault) -> ChangeEvent {
        var operation: ChangeEvent.Operation?
        var table: TableName?
        var lsn: LSN?
        var sequence: Int64?
        var commitTime: Int64?
        var transactionID: UInt32?
        var key: [Field]?
        var before: [Field]?
        var after: [Field]?
        var unchanged: [String] = []
        var message: ChangeEvent.Message?
        try reader.object { reader, name throws(JSONFault) in
            switch name {
            case "op": operation = ChangeEvent.Operation(rawValue: try reader.string())
            case "table":
                table = TableName(try reader.string())
                if table == nil { throw reader.fault("a table name that is none") }
            case "lsn": lsn = LSN(try reader.string())
            case "seq": sequence = try reader.integer()
            case "xid": transactionID = try reader.integer(UInt32.self)
            case "ts": commitTime = EventTime.microseconds(try reader.string())
            case "key": key = try row(&reader, jsonColumns)
            case "before": before = try row(&reader, jsonColumns)
            case "after": after = try row(&reader, jsonColumns)
            case "unchanged": try reader.array { reader throws(JSONFault) in unchanged.append(try reader.string()) }
            case "message": message = try self.message(&reader)
            default: try reader.skip()
            }
        }
        guard let operation, let lsn, let sequence, sequence >= 0, let commitTime else {
            throw reader.fault("op, lsn, seq or ts that is missing or unknown")
        }
        guard (operation == .message) == (table == nil), (operation == .message) == (message != nil) else {
            throw reader.fault("a table or message that does not fit the operation")
        }
        let needsAfter = operation == .snapshotRow || operation == .create || operation == .update
        guard needsAfter == (after != nil), operation != .delete || before != nil else {
            throw reader.fault("a row that does not fit the operation")
        }
        return ChangeEvent(
            operation: operation, table: table, lsn: lsn, sequence: sequence, transactionID: transactionID,
            commitTime: commitTime, key: key, before: before, after: after, unchanged: unchanged, message: message)
    }

    private static func row(_ reader: inout JSONReader, _ jsonColumns: Set<String>) throws(JSONFault) -> [Field] {
        var fields: [Field] = []
        fields.reserveCapacity(8)
        try reader.object { reader, name throws(JSONFault) in
            let isJSON = !jsonColumns.isEmpty && jsonColumns.contains(name)
            fields.append(Field(name, try value(&reader, isJSON: isJSON)))
        }
        return fields
    }

    private static func value(_ reader: inout JSONReader, isJSON: Bool) throws(JSONFault) -> FieldValue {
        switch try reader.peek() {
        case UInt8(ascii: "n"):
            try reader.null()
            return .null
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try json(&reader)
        case _ where isJSON: return try json(&reader)
        case UInt8(ascii: "\""): return .text(try reader.string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean(try reader.boolean())
        default: return .number(try reader.number())
        }
    }

    private static func json(_ reader: inout JSONReader) throws(JSONFault) -> FieldValue {
        let bytes = try reader.raw()
        return .json(try reader.text(bytes))
    }

    private static func message(_ reader: inout JSONReader) throws(JSONFault) -> ChangeEvent.Message {
        var prefix: String?
        var content: [UInt8]?
        try reader.object { reader, name throws(JSONFault) in
            switch name {
            case "prefix": prefix = try reader.string()
            case "content": content = Base64.decode(try reader.string())
            default: try reader.skip()
            }
        }
        guard let prefix, let content else { throw reader.fault("a message without its prefix or content") }
        return ChangeEvent.Message(prefix: prefix, content: content)
    }
}

extension TableDescription {
    /// The columns whose values are JSON of their own.
    package var jsonColumns: Set<String> { Set(columns.lazy.filter { $0.type.form == .json }.map(\.name)) }
}
