package import EdgeBroker
package import Logging

import SQLiteClient
import Synchronization

/// Loads one flow into its target: whole source transactions, in commit order, each exactly once in effect.
///
/// It keeps nothing of its own: the position is in the target. What may pass by itself (a full disk, somebody else's lock, a target
/// that was there and is gone) is tried again with growing pauses; anything else ends ``run()`` with a ``LoaderError`` of one line,
/// and the target stays at the last whole transaction before it.
package final class LoaderService: Sendable {
    /// Between two attempts, if nothing was loaded in the meantime.
    private static let longestPause = Duration.seconds(60)

    private let configuration: LoaderConfiguration
    private let broker: Broker
    private let logger: Logger
    private let state = Mutex(LoaderProgress())
    /// Of the target's last connection; `nil` as long as the target was never opened.
    private let interrupter = Mutex<SQLiteInterrupter?>(nil)

    package init(_ configuration: LoaderConfiguration, broker: Broker, logger: Logger) {
        self.configuration = configuration
        self.broker = broker
        self.logger = logger
    }

    /// What is committed in the target.
    package var progress: LoaderProgress { state.withLock { $0 } }

    /// Returns when its task is cancelled; what was not committed by then is not in the target.
    /// - Throws: ``LoaderError``.
    package func run() async throws {
        let executor = ThreadExecutor(name: "loader")
        defer { executor.stop() }
        var pause = configuration.firstPause
        while !Task.isCancelled {
            let before = progress
            do {
                try await attempt(on: executor)
                return
            } catch let error as LoaderError where error.isTransient {
                state.withLock { $0.waitingFor = error }
                pause = progress.nextIndexOffset > before.nextIndexOffset ? configuration.firstPause : pause
                logger.info(
                    "Loading pauses",
                    metadata: ["flow": "\(configuration.flow)", "reason": "\(error.message)", "pause": "\(pause)"])
                do { try await Task.sleep(for: pause) } catch { return }
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    private func attempt(on executor: ThreadExecutor) async throws {
        let session = LoadSession(configuration, broker, from: progress, on: executor) { progress in
            self.state.withLock { $0 = progress }
        }
        try await withTaskCancellationHandler {
            try await session.run { () throws(LoaderError) in try self.openTarget() }
        } onCancel: {
            // A sweep of a large table must not keep a clean stop waiting.
            interrupter.withLock { $0?.interrupt() }
        }
    }

    private func openTarget() throws(LoaderError) -> any LoadTarget {
        switch configuration.target {
        case .sqlite(let path):
            let wasThere = interrupter.withLock { $0 != nil }
            let target = try SQLiteTarget(path: path, busyTimeout: configuration.busyTimeout, wasThere: wasThere)
            interrupter.withLock { $0 = target.interrupter }
            return target
        }
    }
}
