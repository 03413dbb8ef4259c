import CaptureAgent
import DemoPlant
import Dispatch
import EdgeBroker
import FlowFile
import Loader
import Logging
import Synchronization

/// What `serve` would run for the demonstration's files, in this process, so that its counts can be read.
///
/// Made and used on the demonstration's own thread, which may wait.
final class ServedDemo: DemoPipeline {
    private let broker: Broker
    private let capture: CaptureService
    private let loader: LoaderService
    private let task: Task<Void, Never>
    private let ended = DispatchSemaphore(value: 0)
    private let reason: Reason

    /// Why it ended before it was stopped.
    private final class Reason: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }

    init(_ site: DemoSite, _ logger: Logger) throws {
        let plant = try ConfigurationFiles.plant(at: site.configuration).value
        guard let flow = plant.flows.first else {
            preconditionFailure("The demonstration's configuration names no flow")
        }
        let plan = try FlowPlan(flow)
        guard let loading = plan.loader else { preconditionFailure("The demonstration's flow loads nothing") }
        var configuration = BrokerConfiguration(dataDirectory: plant.configuration.dataDirectory)
        configuration.onEvent = { logger.log($0) }
        let opened = configuration
        let broker = try waiting { try await Broker.open(opened, logger: logger) }
        let capture = CaptureService(plan.capture, broker: broker, logger: logger)
        let loader = LoaderService(loading, broker: broker, logger: logger)
        let reason = Reason()
        task = Task { [ended] in
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await capture.run() }
                    group.addTask { try await loader.run() }
                    // Unlike waitForAll(), the first error ends the other.
                    while try await group.next() != nil {}
                }
            } catch {
                if !Task.isCancelled { reason.error.withLock { $0 = error } }
            }
            ended.signal()
        }
        (self.broker, self.capture, self.loader, self.reason) = (broker, capture, loader, reason)
    }

    var captured: Int {
        let status = capture.status
        return status.snapshotRows + status.changes
    }

    var loaded: Int { loader.progress.rows }

    var failure: (any Error)? { reason.error.withLock { $0 } }

    func stop() throws {
        task.cancel()
        ended.wait()
        let broker = broker
        try waiting { await broker.close() }
    }
}

/// Waits for asynchronous work on a thread that may wait.
private func waiting<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let ended = DispatchSemaphore(value: 0)
    let result = Mutex<Result<Value, any Error>?>(nil)
    Task {
        let value: Result<Value, any Error>
        do { value = .success(try await body()) } catch { value = .failure(error) }
        result.withLock { $0 = value }
        ended.signal()
    }
    ended.wait()
    guard let value = result.withLock({ $0 }) else { preconditionFailure("The work ended without a result") }
    return try value.get()
}
