import CLibPQ

extension PostgresConnection {
    /// Runs one statement with `$1`, `$2` … as text. Not on a replication session.
    @discardableResult
    package func query(_ sql: String, _ parameters: [String?] = []) throws(PostgresError) -> PostgresResult {
        let raw = try live("Query")
        try refuseNUL(in: [sql] + parameters)
        let values = CStringArray(parameters)
        let result = values.withPointer {
            PQexecParams(raw, sql, Int32(parameters.count), nil, $0, nil, nil, 0)
        }
        return try take(result, raw)
    }

    /// Runs one or more statements by the simple protocol, the only one a replication session has.
    ///
    /// - Returns: the last statement's rows. Several statements are one transaction unless they say otherwise.
    @discardableResult
    package func simpleQuery(_ sql: String) throws(PostgresError) -> PostgresResult {
        let raw = try live("Query")
        try refuseNUL(in: [sql])
        return try take(PQexec(raw, sql), raw)
    }

    /// Starts a COPY or a stream: `expected` is the state that follows.
    func begin(_ sql: String, _ expected: ExecStatusType, _ what: String) throws(PostgresError) -> OpaquePointer {
        let raw = try live(what)
        try refuseNUL(in: [sql])
        let result = PQexec(raw, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == expected else {
            if status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE {
                throw ServerVerdict.error(raw, result: result, doing: what)
            }
            throw PostgresError(
                .protocolViolation, "\(what): the server answered with state \(status.rawValue).",
                remedy: "If a proxy stands before the server, connect without it.")
        }
        return raw
    }

    /// Takes the remaining results of a COPY; the first failed one is the error.
    func finishCopy(_ raw: OpaquePointer, _ what: String) throws(PostgresError) -> Int {
        var failure: PostgresError?
        var count = 0
        while let result = PQgetResult(raw) {
            if PQresultStatus(result) == PGRES_COMMAND_OK {
                count = Int(String(cString: PQcmdTuples(result))) ?? 0
            } else if failure == nil {
                failure = ServerVerdict.error(raw, result: result, doing: what)
            }
            PQclear(result)
            // A lost connection keeps answering in the middle of a COPY.
            if PQstatus(raw) == CONNECTION_BAD { break }
        }
        if let failure { throw failure }
        guard PQstatus(raw) == CONNECTION_OK else { throw ServerVerdict.error(raw, result: nil, doing: what) }
        return count
    }

    private func take(_ result: OpaquePointer?, _ raw: OpaquePointer) throws(PostgresError) -> PostgresResult {
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
        default: throw ServerVerdict.error(raw, result: result, doing: "Query")
        }
        let columns = PQnfields(result)
        return PostgresResult(
            columns: (0..<columns).map { String(cString: PQfname(result, $0)) },
            rows: (0..<PQntuples(result)).map { row in
                (0..<columns).map { column in
                    PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
                }
            },
            affectedRows: Int(String(cString: PQcmdTuples(result))) ?? 0)
    }

    /// A C string ends at a NUL: the server would run half a statement.
    private func refuseNUL(in texts: [String?]) throws(PostgresError) {
        for text in texts { if let text { try Quoting.refuseNUL(text) } }
    }
}
