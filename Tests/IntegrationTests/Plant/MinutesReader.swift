import Foundation
import Glibc
import SQLiteClient
import Synchronization

/// Looks into the MES all the time: an order's planned minutes are the sum of its operations' after every ERP transaction, so
/// whoever sees them differ has seen half a one.
final class MinutesReader: Sendable {
    private struct State {
        var isStopped = false
        var looks = 0
        var torn: [String] = []
        var failure: String?
    }

    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    init(_ mesPath: String) {
        Thread.detachNewThread {
            self.run(mesPath)
            self.ended.signal()
        }
    }

    /// - Returns: how often it looked, and what it saw that nobody may see.
    func stop() -> (looks: Int, torn: [String]) {
        state.withLock { $0.isStopped = true }
        ended.wait()
        return state.withLock { ($0.looks, $0.torn + ($0.failure.map { [$0] } ?? [])) }
    }

    private func run(_ path: String) {
        do {
            let mes = try SQLiteDatabase(path: path, .readOnly)
            let sums = try mes.prepare(
                """
                select p.order_no, p.planned_minutes, coalesce(sum(o.minutes), 0)
                from production_order p left join operation o using (order_no)
                group by p.order_no having p.planned_minutes <> coalesce(sum(o.minutes), 0)
                """)
            while !state.withLock({ $0.isStopped }) {
                let torn = try sums.rows()
                state.withLock { state in
                    state.looks += 1
                    if state.torn.count < 5 { state.torn += torn.map { "\($0)" } }
                }
                // Leaves the writer its turn.
                sched_yield()
            }
        } catch {
            state.withLock { $0.failure = "\(error)" }
        }
    }
}
