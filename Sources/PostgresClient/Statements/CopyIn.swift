import CLibPQ

extension PostgresConnection {
    /// Runs `COPY … FROM STDIN` in text format with `rows`.
    ///
    /// - Returns: the number of rows that the server took. On an error it took none.
    @discardableResult
    package func copyIn(_ sql: String, rows: some Sequence<[String?]>) throws(PostgresError) -> Int {
        let what = "COPY in"
        let raw = try begin(sql, PGRES_COPY_IN, what)
        var buffer: [UInt8] = []
        func send() throws(PostgresError) {
            let sent = buffer.withUnsafeBytes {
                PQputCopyData(raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
            }
            guard sent == 1 else { throw ServerVerdict.error(raw, result: nil, doing: what) }
            buffer.removeAll(keepingCapacity: true)
        }
        for row in rows {
            CopyText.append(row, to: &buffer)
            if buffer.count >= 1 << 16 { try send() }
        }
        try send()
        guard PQputCopyEnd(raw, nil) == 1 else { throw ServerVerdict.error(raw, result: nil, doing: what) }
        return try finishCopy(raw, what)
    }
}

/// The text format of COPY: columns between tabs, rows between line feeds, `\N` for NULL, and a backslash before a
/// backslash, tab, line feed and carriage return.
package enum CopyText {
    /// Appends one row with its line feed.
    package static func append(_ row: [String?], to buffer: inout [UInt8]) {
        for (index, value) in row.enumerated() {
            if index > 0 { buffer.append(0x09) }
            guard let value else {
                buffer.append(contentsOf: [0x5C, 0x4E])
                continue
            }
            for byte in value.utf8 {
                switch byte {
                case 0x5C: buffer.append(contentsOf: [0x5C, 0x5C])
                case 0x09: buffer.append(contentsOf: [0x5C, 0x74])
                case 0x0A: buffer.append(contentsOf: [0x5C, 0x6E])
                case 0x0D: buffer.append(contentsOf: [0x5C, 0x72])
                default: buffer.append(byte)
                }
            }
        }
        buffer.append(0x0A)
    }
}
