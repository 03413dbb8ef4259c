import SQLiteClient

/// What one flow loads, into what, and how much at a time.
package struct LoaderConfiguration: Sendable {
    package enum Target: Sendable, Equatable {
        /// The path of a database file, created if absent.
        case sqlite(path: String)
    }

    /// Names the position in the target: another name starts anew.
    package let flow: String
    /// The replication slot whose transactions are loaded.
    package let slot: String
    package let target: Target
    package let tables: [TableMapping]
    /// Rows after which a target transaction of several source transactions is committed: 1 or more. A sync costs as much as a
    /// hundred rows, so beyond a few thousand nothing is won and readers wait longer for the first of them.
    package var rowsPerCommit = 5000
    /// The longest that a loaded source transaction waits for others to share its commit: what a reader of the target may notice.
    package var commitDelay = Duration.milliseconds(20)
    /// How long another program's lock on the target is waited for before the attempt counts as failed.
    package var busyTimeout = SQLiteDatabase.defaultBusyTimeout
    /// Before the second attempt after a full disk or somebody else's lock; doubled with each, up to a minute.
    package var firstPause = Duration.seconds(1)

    package init(flow: String, slot: String, target: Target, tables: [TableMapping]) {
        self.flow = flow
        self.slot = slot
        self.target = target
        self.tables = tables
    }
}
