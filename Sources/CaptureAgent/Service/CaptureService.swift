package import EdgeBroker
package import Logging
internal import RecordFormat

/// Carries every change of one Postgres source into the log.
///
/// Run it in a task; cancelling the task ends it in order. A lost source or a log that takes nothing is tried again for ever;
/// what only a person can change ends it with a ``CaptureError``.
package final class CaptureService: Sendable {
    private static let longestWaitForLog = Duration.seconds(4)

    private let configuration: CaptureConfiguration
    private let broker: Broker
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double
    private let counters = CaptureCounters()

    /// - Parameter jitter: 0 to 1 for each wait before the source is tried again.
    package init(
        _ configuration: CaptureConfiguration, broker: Broker, logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.configuration = configuration
        self.broker = broker
        self.logger = logger
        self.clock = clock
        self.jitter = jitter
    }

    package var status: CaptureStatus { counters.status }

    /// Captures until the task is cancelled, and then returns.
    ///
    /// - Throws: only ``CaptureError``, whose ``CaptureError/isTransient`` is false. What is in the log by then is whole.
    package func run() async throws {
        defer { counters.update { $0.phase = .stopped } }
        let source: SourceLog
        do throws(BrokerError) {
            source = try await SourceLog.open(broker, slot: configuration.slot)
        } catch {
            throw CaptureError(error)
        }
        var backoff = Backoff()
        while !Task.isCancelled {
            let confirmed = counters.status.confirmed
            guard let error = try await attempt(source) else { return }
            guard error.isTransient else { throw error }
            if counters.status.confirmed != confirmed { backoff.reset() }
            var wait = backoff.wait(jitter: jitter())
            // Nobody else is troubled by looking at our own log, and it may have room again at any time.
            if error.code == .logUnavailable { wait = min(wait, Self.longestWaitForLog) }
            logger.info(
                "Capture broke off and is tried again",
                metadata: [
                    "slot": "\(configuration.slot)", "reason": "\(error.message)", "wait": "\(wait)",
                ])
            counters.update { $0.phase = .waiting(error.description) }
            // Ends early when the task is cancelled, and so does the loop.
            try? await clock.sleep(for: wait)
        }
    }

    /// - Returns: what ended it; `nil` if it was asked to.
    private func attempt(_ source: SourceLog) async throws(CaptureError) -> CaptureError? {
        let stop = try StopSignal()
        let attempt = CaptureAttempt(
            configuration: configuration, source: source, stop: stop, counters: counters, logger: logger)
        return await withTaskCancellationHandler {
            do throws(CaptureError) {
                try await CaptureThread.run { () throws(CaptureError) in try attempt.run() }
                return nil
            } catch {
                return error.code == .stopped ? nil : error
            }
        } onCancel: {
            stop.stop()
        }
    }
}
