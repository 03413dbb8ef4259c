import CLibPQ

/// What an SQLSTATE means for us. Decided by the state and never by the words, which come in the server's language.
enum ServerVerdict {
    static func code(_ sqlState: String, whileConnecting: Bool) -> PostgresError.Code {
        switch sqlState {
        case "42501": .refused
        case "3D000": .missingDatabase
        case "57014": .cancelled
        case "53300": whileConnecting ? .unreachable : .server
        // Shutting down, crashed, or still starting.
        case "57P01", "57P02", "57P03": whileConnecting ? .unreachable : .connectionLost
        case let state where state.hasPrefix("28"): .refused
        case let state where state.hasPrefix("08"): whileConnecting ? .unreachable : .connectionLost
        default: .server
        }
    }

    static func remedy(_ code: PostgresError.Code, sqlState: String?) -> String {
        switch (code, sqlState) {
        case (_, "53300"): "Raise `max_connections` there or end sessions that nobody needs."
        case (.refused, "42501"): "Grant the role that right; capture also needs the role attribute REPLICATION."
        case (.refused, _): "Check user and password in the connection text, and the server's pg_hba.conf."
        case (.missingDatabase, _): "Check `dbname` in the connection text; `psql -l` lists what is there."
        case (.unreachable, _): "Check host, port and that the server runs; the attempt can be repeated."
        case (.connectionLost, _): "Connect again; what was under way must be looked up, not assumed."
        case (.cancelled, _):
            "Nothing to do if you stopped it; else look for `statement_timeout` and pg_cancel_backend."
        default: "The server's log has the statement and its details."
        }
    }

    /// The error in `result`, or, where that has none, in the connection.
    ///
    /// DETAIL and CONTEXT are left out: they quote rows.
    static func error(_ raw: OpaquePointer, result: OpaquePointer?, doing what: String) -> PostgresError {
        func field(_ name: Int32) -> String? {
            result.flatMap { PQresultErrorField($0, name) }.map { String(cString: $0) }
        }
        // Without a word of the server the error is libpq's own. What a wrong call can cause aside, that is the network;
        // after a failed write its status may still say that all is well.
        guard let sqlState = field(diagnosisState), let primary = field(diagnosisMessage) else {
            return lost(what, oneLine(String(cString: PQerrorMessage(raw))))
        }
        var code = code(sqlState, whileConnecting: false)
        if PQstatus(raw) == CONNECTION_BAD, code != .refused { code = .connectionLost }
        return PostgresError(
            code, sqlState: sqlState, "\(what): \(oneLine(primary)) (SQLSTATE \(sqlState)).",
            remedy: field(diagnosisHint).map { oneLine($0) } ?? remedy(code, sqlState: sqlState))
    }

    static func lost(_ what: String, _ words: String) -> PostgresError {
        PostgresError(
            .connectionLost, "\(what): the connection to Postgres was lost (\(words)).",
            remedy: remedy(.connectionLost, sqlState: nil))
    }

    /// libpq's text on one line, without the server's source position, its guesses at a crash and at no server, and the full stop.
    static func oneLine(_ text: String) -> String {
        let noise = [
            "LOCATION:", "\tThis probably means", "\tbefore or while processing", "\tIs the server running",
        ]
        let lines = text.split(whereSeparator: \.isNewline).filter { line in !noise.contains { line.hasPrefix($0) } }
        let words = lines.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }

    // PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY and PG_DIAG_MESSAGE_HINT of postgres_ext.h.
    private static let diagnosisState = Int32(UInt8(ascii: "C"))
    private static let diagnosisMessage = Int32(UInt8(ascii: "M"))
    private static let diagnosisHint = Int32(UInt8(ascii: "H"))
}
