import Dispatch
import Foundation
package import PostgresClient
import Synchronization

/// People and programs at work in the ERP: a thread that carries out a generator's transactions, so many a second, until it is
/// stopped.
package final class PlantActivity: Sendable {
    private struct State {
        var isStopped = false
        var transactions = 0
        var failure: PostgresError?
    }

    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    /// Starts at once.
    /// - Parameters:
    ///   - conninfo: of a database that has ``ERPSchema`` and has been filled.
    ///   - transactionsPerSecond: nil for as many as the server does.
    package init(_ conninfo: String, _ generator: PlantGenerator, transactionsPerSecond: Int?) {
        let thread = Thread { self.run(conninfo, generator, transactionsPerSecond) }
        thread.name = "plant"
        thread.start()
    }

    /// Transactions carried out so far, those included that were rolled back as they should.
    package var transactions: Int { state.withLock { $0.transactions } }

    /// What ended the work before it was stopped.
    package var failure: PostgresError? { state.withLock { $0.failure } }

    /// Returns when the transaction under way is done. Blocks.
    /// - Throws: what ended the work before.
    package func stop() throws(PostgresError) {
        state.withLock { $0.isStopped = true }
        ended.wait()
        ended.signal()
        if let failure { throw failure }
    }

    private func run(_ conninfo: String, _ first: PlantGenerator, _ transactionsPerSecond: Int?) {
        defer { ended.signal() }
        var generator = first
        let session = PlantSession(conninfo)
        let interval = transactionsPerSecond.map { Duration.seconds(1) / $0 }
        var due = ContinuousClock.now
        while !state.withLock({ $0.isStopped }) {
            do throws(PostgresError) {
                try session.run(generator.next())
            } catch {
                state.withLock { $0.failure = error }
                return
            }
            state.withLock { $0.transactions += 1 }
            guard let interval else { continue }
            let now = ContinuousClock.now
            // What a slow moment missed is not made up for by a burst.
            due = max(due + interval, now)
            let wait = (due - now) / .seconds(1)
            if wait > 0 { Thread.sleep(forTimeInterval: wait) }
        }
    }
}
