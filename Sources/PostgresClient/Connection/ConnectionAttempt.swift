import CLibPQ

/// One attempt to connect, by libpq's non-blocking calls: the blocking ones tell no SQLSTATE, and cannot be stopped.
struct ConnectionAttempt {
    var text: ConnectionText
    let options: ConnectionOptions
    let wakeup: Wakeup?
    let isStopped: () -> Bool

    /// - Returns: a good connection that belongs to the caller.
    mutating func run() throws(PostgresError) -> OpaquePointer {
        guard let raw = start() else {
            throw PostgresError(
                .noResources, "libpq has no memory for a connection.", remedy: "This computer is out of memory.")
        }
        if let password = PQpass(raw) { text.alsoHide(String(cString: password)) }
        // libpq would print notices on stderr.
        PQsetNoticeReceiver(raw, { _, _ in }, nil)
        // A refused connection has no result to ask for its SQLSTATE; the verbose message has it.
        PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
        do throws(PostgresError) {
            try complete(raw)
        } catch {
            PQfinish(raw)
            throw error
        }
        PQsetErrorVerbosity(raw, PQERRORS_DEFAULT)
        return raw
    }

    private func start() -> OpaquePointer? {
        let parameters = options.parameters(text.text)
        let keywords = CStringArray(parameters.map(\.0))
        let values = CStringArray(parameters.map(\.1))
        return keywords.withPointer { keywords in values.withPointer { PQconnectStartParams(keywords, $0, 1) } }
    }

    private func complete(_ raw: OpaquePointer) throws(PostgresError) {
        guard PQstatus(raw) != CONNECTION_BAD else { throw failure(raw) }
        let deadline = ContinuousClock.now + timeout(raw) * text.hostCount
        var next = PGRES_POLLING_WRITING
        while true {
            let outcome = try waitForDescriptor(
                PQsocket(raw), readable: next == PGRES_POLLING_READING, writable: next == PGRES_POLLING_WRITING,
                wakeup: wakeup, until: deadline)
            if isStopped() {
                throw PostgresError(.cancelled, "Connecting to Postgres was stopped.", remedy: "Connect again.")
            }
            if outcome.contains(.connection) {
                next = PQconnectPoll(raw)
                if next == PGRES_POLLING_OK { return }
                if next == PGRES_POLLING_FAILED { throw failure(raw) }
            } else if ContinuousClock.now >= deadline {
                throw PostgresError(
                    .unreachable, "Postgres at \(place(raw)) did not answer within \(timeout(raw) * text.hostCount).",
                    remedy: ServerVerdict.remedy(.unreachable, sqlState: nil))
            }
        }
    }

    private func failure(_ raw: OpaquePointer) -> PostgresError {
        let verbose = String(cString: PQerrorMessage(raw))
        let (words, sqlState) = Self.takeSQLState(verbose)
        let message = text.scrub("Cannot connect to Postgres: \(ServerVerdict.oneLine(words)).")
        if let sqlState {
            let code = ServerVerdict.code(sqlState, whileConnecting: true)
            return PostgresError(
                code, sqlState: sqlState, message, remedy: ServerVerdict.remedy(code, sqlState: sqlState))
        }
        let code: PostgresError.Code = PQconnectionNeedsPassword(raw) == 1 ? .refused : .unreachable
        return PostgresError(code, message, remedy: ServerVerdict.remedy(code, sqlState: nil))
    }

    /// The message without its SQLSTATEs, and the last of them: `FATAL:  28P01: password …`.
    static func takeSQLState(_ verbose: String) -> (words: String, sqlState: String?) {
        let bytes = Array(verbose.utf8)
        var kept: [UInt8] = []
        var found: String?
        var at = 0
        while at < bytes.count {
            kept.append(bytes[at])
            at += 1
            // Two blanks, five upper-case letters or digits, a colon.
            guard at + 6 <= bytes.count, kept.suffix(3).elementsEqual([0x3A, 0x20, 0x20]), bytes[at + 5] == 0x3A else {
                continue
            }
            let state = bytes[at..<at + 5]
            guard state.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) else { continue }
            found = String(decoding: state, as: UTF8.self)
            kept.removeLast(2)
            at += 6
        }
        return (String(decoding: kept, as: UTF8.self), found)
    }

    /// libpq leaves `connect_timeout` to those who poll themselves.
    private func timeout(_ raw: OpaquePointer) -> Duration {
        guard let seconds = setting("connect_timeout", raw).flatMap({ Int32($0) }), seconds > 0 else {
            return options.timeout
        }
        return .seconds(seconds)
    }

    private func place(_ raw: OpaquePointer) -> String {
        text.scrub("\(setting("host", raw) ?? "the default place"), port \(setting("port", raw) ?? "?")")
    }

    private func setting(_ keyword: String, _ raw: OpaquePointer) -> String? {
        guard let options = PQconninfo(raw) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let name = option.pointee.keyword {
            if String(cString: name) == keyword { return option.pointee.val.map { String(cString: $0) } }
            option += 1
        }
        return nil
    }
}
