import Foundation
import PostgresClient
import Testing

@Suite("A statement under way")
struct PostgresInterruptTests {
    @Test("is cancelled from another thread, and its connection lives")
    func cancel() throws {
        let connection = try TestServer.connect()
        let error = try interrupted(connection) { $0.cancel() }
        #expect(error?.code == .cancelled && error?.sqlState == "57014")
        #expect(try connection.query("SELECT 1").single == "1")
    }

    @Test("ends when its connection is cut from another thread")
    func disconnect() throws {
        let connection = try TestServer.connect()
        let error = try interrupted(connection) { $0.disconnect() }
        #expect(error?.code == .connectionLost)
        #expect(!connection.isOpen)
    }

    /// Runs an endless statement on `connection`, and `action` once the server is at it.
    private func interrupted(
        _ connection: PostgresConnection, _ action: @escaping @Sendable (PostgresInterrupt) -> Void
    ) throws -> PostgresError? {
        let interrupt = connection.interrupt
        let session = try #require(try connection.query("SELECT pg_backend_pid()").single)
        let observer = try TestServer.conninfo()
        Thread.detachNewThread {
            do {
                let other = try PostgresConnection(observer)
                let question = "SELECT pg_sleep(0.01), wait_event FROM pg_stat_activity WHERE pid = $1"
                while try other.query(question, [session])[0, "wait_event"] != "PgSleep" {}
            } catch {
                Issue.record(error)
            }
            action(interrupt)
        }
        return #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(600)") }
    }
}
