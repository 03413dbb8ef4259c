import Glibc
import Synchronization

/// Runs plants side by side, each by one task, and gathers what becomes of them.
final class Workers: Sendable {
    struct Failure: Sendable {
        let seed: UInt64
        let scenario: String
        let violation: Violation
    }

    struct State {
        var next: UInt64
        var done: UInt64 = 0
        var totals = Totals()
        var failures: [Failure] = []
        /// Of the last line of progress.
        var told: ContinuousClock.Instant
    }

    private let arguments: Arguments
    private let stopsAtFirst: Bool
    private let isQuiet: Bool
    private let state: Mutex<State>

    /// - Parameter stopsAtFirst: no further plants begin once one has failed.
    init(_ arguments: Arguments, stopsAtFirst: Bool = false, isQuiet: Bool = false) {
        self.arguments = arguments
        self.stopsAtFirst = stopsAtFirst
        self.isQuiet = isQuiet
        state = Mutex(State(next: arguments.first, told: .now))
    }

    /// - Returns: everything, failures by their seeds.
    func run() async -> (totals: Totals, failures: [Failure], plants: UInt64) {
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<arguments.jobs { group.addTask { await self.work(worker) } }
        }
        return state.withLock { state in
            (state.totals, state.failures.sorted { $0.seed < $1.seed }, state.done)
        }
    }

    private func work(_ worker: Int) async {
        while let seed = take() {
            TrapReport.note(seed: seed, worker: worker)
            let (plant, violation) = await Plant.run(seed: seed, trace: arguments.trace)
            finish(plant, seed, violation)
        }
        TrapReport.note(seed: nil, worker: worker)
    }

    private func take() -> UInt64? {
        state.withLock { state in
            if stopsAtFirst, !state.failures.isEmpty { return nil }
            guard state.next - arguments.first < arguments.seeds else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func finish(_ plant: Plant, _ seed: UInt64, _ violation: Violation?) {
        let line = state.withLock { state -> String? in
            state.done += 1
            state.totals += plant.totals
            if let violation {
                state.failures.append(
                    Failure(seed: seed, scenario: plant.scenario.description, violation: violation))
            }
            let now = ContinuousClock.now
            if isQuiet || now - state.told < .seconds(2) { return nil }
            state.told = now
            let (cuts, failed) = (state.totals[.powerCuts], state.failures.count)
            return "\(state.done) of \(arguments.seeds) plants, \(cuts) power cuts, \(failed) failed"
        }
        if let line { PowerCuts.complain(line) }
    }
}
