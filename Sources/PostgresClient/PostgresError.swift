/// What Postgres or the way to it did not do: a code to switch on, one line that says what happened, and what to do about it.
///
/// Neither the connection text nor a password ever stands in it, not even in pieces.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The connection text cannot be read. Trying again is of no use.
        case malformedConnection
        /// Nobody answers there, the server is starting or stopping, or it has no connection left. Trying again may help.
        case unreachable
        /// Wrong password, unknown role, no rule in `pg_hba.conf`, or a missing right.
        case refused
        /// The server answers, but there is no such database.
        case missingDatabase
        /// The server is older than ``PostgresConnection/oldestServerVersion``.
        case tooOld
        /// The connection broke or was closed, on either side. What was under way may or may not have taken effect.
        case connectionLost
        /// The server refused the statement; ``PostgresError/sqlState`` says why. The connection is still good.
        case server
        /// The server sent what the protocol does not allow here.
        case protocolViolation
        /// The statement or the attempt to connect was cancelled from outside.
        case cancelled
        /// A value that Postgres cannot take: a NUL in a text, a name that is empty or longer than 63 bytes.
        case unusableValue
        /// This computer has no descriptor or memory left.
        case noResources
    }

    package let code: Code
    /// Five characters, `docs/current/errcodes-appendix.html`. Nil when the server said nothing.
    package let sqlState: String?
    package let message: String
    package let remedy: String

    package init(_ code: Code, sqlState: String? = nil, _ message: String, remedy: String) {
        self.code = code
        self.sqlState = sqlState
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message) \(remedy)" }
}
