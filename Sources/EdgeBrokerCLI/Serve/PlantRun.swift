import CaptureAgent
import EdgeBroker
import FlowFile
import Loader
import Logging

/// All flows of a plant, running until a signal or until one of them cannot go on.
struct PlantRun {
    let broker: Broker
    let plans: [FlowPlan]
    let logger: Logger

    /// - Parameter isReady: called when every flow was started.
    /// - Returns: the status that the stop was asked to end with.
    /// - Throws: a `Failure` for the first flow that stopped for good.
    func run(until signals: StopSignals, isReady: () -> Void) async throws -> ExitStatus {
        try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
            for plan in plans {
                let capture = CaptureService(plan.capture, broker: broker, logger: logger)
                group.addTask { try await run(plan, "capture", signals) { try await capture.run() } }
                guard let configuration = plan.loader else {
                    // Nobody has to be waited for before captured records may go.
                    try await SourceLog.open(broker, slot: plan.capture.slot).expectNoFlow()
                    continue
                }
                let loader = LoaderService(configuration, broker: broker, logger: logger)
                group.addTask { try await run(plan, "loading", signals) { try await load(plan, loader) } }
            }
            group.addTask {
                for await signal in signals.stops { return StopSignals.status(of: signal) }
                return nil
            }
            isReady()
            // Services end only with an error, or after the signal has cancelled them.
            var status: ExitStatus?
            while let ended = try await group.next() {
                if let ended {
                    status = ended
                    group.cancelAll()
                }
            }
            return status ?? .done
        }
    }

    /// Loads until it is cancelled, or until a row does not fit the target.
    ///
    /// Then only loading stops: capture must go on into the log, or the ERP's disk would fill while nobody is on site.
    private func load(_ plan: FlowPlan, _ loader: LoaderService) async throws {
        do {
            try await loader.run()
        } catch let error as LoaderError {
            guard Self.stopsLoadingOnly(error, loader.progress) else { throw error }
            if Task.isCancelled { return }
            logger.error(
                "A flow stopped loading. Capture goes on; start again to load on.",
                metadata: ["flow": "\(plan.flow.name)", "reason": "\(error)"])
        }
    }

    /// What ends the server at its first start, because somebody is there who can put it right, must not end it once the plant
    /// relies on it: a column that the ERP has lost since, or a target that refuses.
    private static func stopsLoadingOnly(_ error: LoaderError, _ progress: LoaderProgress) -> Bool {
        switch error.code {
        case .row, .foreignKeys: true
        case .configuration, .target, .gap, .damagedRecords: progress.endLSN != nil
        default: false
        }
    }

    private func run(
        _ plan: FlowPlan, _ part: String, _ signals: StopSignals, _ body: () async throws -> Void
    ) async throws -> ExitStatus? {
        do {
            try await body()
            return nil
        } catch {
            // What a stop interrupts is no failure.
            if Task.isCancelled { return nil }
            let failure = Failure(explaining: error)
            // The other flows stop now, and one of them may hang on its disk or its server.
            signals.endInTime(with: failure.status)
            throw Failure(failure.status, "Flow \(plan.flow.name), \(part): \(failure)")
        }
    }
}
