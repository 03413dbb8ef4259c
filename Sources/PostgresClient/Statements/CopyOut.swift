import CLibPQ

extension PostgresConnection {
    /// Starts `COPY … TO STDOUT`. Take the rows from the result; until it has ended, this connection does nothing else.
    package func copyOut(_ sql: String) throws(PostgresError) -> CopyOut {
        CopyOut(self, try begin(sql, PGRES_COPY_OUT, CopyOut.what))
    }
}

/// The rows of a running `COPY … TO STDOUT`.
///
/// Left before its end, it cancels the COPY, so that the connection can be used again.
package final class CopyOut {
    static let what = "COPY out"
    private let connection: PostgresConnection
    private let raw: OpaquePointer
    private var row: UnsafeMutablePointer<CChar>?
    private var isAtEnd = false
    private var isAbandoned = false

    init(_ connection: PostgresConnection, _ raw: OpaquePointer) {
        self.connection = connection
        self.raw = raw
    }

    deinit { stop() }

    /// The next row as the server sent it, in text format with its line feed, or nil after the last.
    ///
    /// The bytes are good until the next call. Nil promises that every row was delivered; whatever else ends the COPY throws.
    package func next() throws(PostgresError) -> UnsafeRawBufferPointer? {
        guard !isAtEnd else { return nil }
        if isAbandoned { throw ServerVerdict.lost(Self.what, "it was abandoned") }
        free()
        let size = PQgetCopyData(raw, &row, 0)
        if size > 0 { return UnsafeRawBufferPointer(start: row, count: Int(size)) }
        isAtEnd = true
        if size == -1 {
            _ = try connection.finishCopy(raw, Self.what)
            return nil
        }
        throw ServerVerdict.error(raw, result: nil, doing: Self.what)
    }

    /// Gives up the rows that are left.
    package func stop() {
        free()
        guard !isAtEnd, !isAbandoned, connection.isOpen else { return }
        isAtEnd = true
        connection.interrupt.cancel()
        while PQgetCopyData(raw, &row, 0) > 0 { free() }
        while let result = PQgetResult(raw) {
            PQclear(result)
            if PQstatus(raw) == CONNECTION_BAD { return }
        }
    }

    /// Gives up the rows that are left, and the connection with them. Unlike ``stop()`` it asks nothing of the server, which may
    /// not be there any more.
    package func abandon() {
        free()
        isAbandoned = true
        connection.interrupt.disconnect()
    }

    private func free() {
        PQfreemem(row)
        row = nil
    }
}
