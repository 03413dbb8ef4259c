import Logging

/// Where events go: to whoever listens, or without a listener into the log at `info`, and into the metrics.
struct BrokerEvents: Sendable {
    private let listener: @Sendable (BrokerEvent) -> Void
    private let metrics: MetricsReporter?

    init(_ listener: (@Sendable (BrokerEvent) -> Void)?, _ logger: Logger, _ metrics: MetricsReporter?) {
        self.listener = listener ?? { logger.info("\($0.message)", metadata: $0.metadata) }
        self.metrics = metrics
    }

    func tell(_ event: BrokerEvent) {
        metrics?.count(event.kind)
        listener(event)
    }
}
