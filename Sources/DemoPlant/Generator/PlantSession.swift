import Foundation
package import PostgresClient

/// Carries out the transactions of one lane, each exactly once, however often the server goes away in between.
///
/// Blocks its thread; not for Swift's cooperative pool.
package final class PlantSession {
    private let conninfo: String
    private let patience: Duration
    private var connection: PostgresConnection?

    /// - Parameters:
    ///   - conninfo: of a database that has ``ERPSchema``.
    ///   - patience: how long to wait for a server that is away.
    package init(_ conninfo: String, patience: Duration = .seconds(60)) {
        self.conninfo = conninfo
        self.patience = patience
    }

    /// Returns when `transaction` is committed, or rolled back if that is what it is for.
    ///
    /// - Throws: the server's error if a statement fails; `.unreachable` if the server stays away for too long.
    package func run(_ transaction: PlantTransaction) throws(PostgresError) {
        let deadline = ContinuousClock.now + patience
        var mayBeDone = false
        while true {
            do throws(PostgresError) {
                let connection = try connected()
                if mayBeDone, try isCommitted(transaction, connection) { return }
                try attempt(transaction, connection)
                return
            } catch {
                if Self.isDeadlock(error) {
                    try connected().query("rollback")
                    continue
                }
                guard error.code == .connectionLost || error.code == .unreachable, ContinuousClock.now < deadline else {
                    throw error
                }
                connection = nil
                // Its end takes no COMMIT, so nothing is left to find out.
                if transaction.isRolledBack { return }
                mayBeDone = true
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }

    private func connected() throws(PostgresError) -> PostgresConnection {
        if let connection { return connection }
        let fresh = try PostgresConnection(conninfo)
        connection = fresh
        return fresh
    }

    private func attempt(_ transaction: PlantTransaction, _ connection: PostgresConnection) throws(PostgresError) {
        try connection.query("begin")
        for statement in transaction.statements {
            switch statement {
            case .execute(let sql, let parameters): try connection.query(sql, parameters)
            case .copy(let sql, let rows): try connection.copyIn(sql, rows: rows)
            }
        }
        if transaction.isRolledBack {
            try connection.query("rollback")
            return
        }
        try connection.query(
            """
            insert into erp.generator_progress values ($1, $2)
            on conflict (lane) do update set transactions = excluded.transactions
            """,
            ["\(transaction.lane)", "\(transaction.number)"])
        try connection.query("commit")
    }

    private func isCommitted(
        _ transaction: PlantTransaction, _ connection: PostgresConnection
    ) throws(PostgresError) -> Bool {
        let done = try connection.query(
            "select transactions from erp.generator_progress where lane = $1", ["\(transaction.lane)"]
        ).single
        return done.flatMap { Int($0) }.map { $0 >= transaction.number } ?? false
    }

    private static func isDeadlock(_ error: PostgresError) -> Bool { error.sqlState == "40P01" }
}
