import Synchronization

/// How far opening a log directory has come: for whoever waits for a long one.
package struct RecoveryProgress: Sendable, Equatable {
    package typealias Listener = @Sendable (RecoveryProgress) -> Void

    /// Those that are recovered, of how many.
    package var partitions = 0
    package let ofPartitions: Int
    /// Bytes that had to be read so far.
    package var scannedBytes = 0

    /// Counts for several threads, and tells the listener with each partition and with every 64 MiB that are read.
    final class Meter: Sendable {
        private static let step = 64 << 20

        private let state: Mutex<(progress: RecoveryProgress, told: Int)>
        private let listener: Listener

        init(partitions: Int, _ listener: @escaping Listener) {
            state = Mutex((RecoveryProgress(ofPartitions: partitions), 0))
            self.listener = listener
        }

        func scanned(_ bytes: Int) {
            tell { state in
                state.progress.scannedBytes += bytes
                return state.progress.scannedBytes - state.told >= Self.step
            }
        }

        func finishedPartition() {
            tell { state in
                state.progress.partitions += 1
                return true
            }
        }

        /// - Parameter note: says whether it is worth telling.
        private func tell(_ note: (inout (progress: RecoveryProgress, told: Int)) -> Bool) {
            let progress = state.withLock { state -> RecoveryProgress? in
                guard note(&state) else { return nil }
                state.told = state.progress.scannedBytes
                return state.progress
            }
            if let progress { listener(progress) }
        }
    }
}
