import EdgeBroker
import RecordFormat
import Synchronization

/// The last stable offsets of partitions, which somebody must look for once after each start.
enum StableOffsets {
    /// Calls `body` when they are known, or cannot be; at once if they are known.
    static func find(_ names: [TopicPartition], _ broker: Broker, _ body: @escaping @Sendable () -> Void) {
        let unknown = Set(names).filter { name in
            do throws(BrokerError) {
                return try broker.lastStableOffset(of: name) == nil
            } catch {
                // There is no such partition, which whoever asked for it is told.
                return false
            }
        }
        if unknown.isEmpty { return body() }
        let left = Left(unknown.count)
        for name in unknown { broker.findStableOffset(of: name) { _ in if left.isLast() { body() } } }
    }

    private final class Left: Sendable {
        private let count: Mutex<Int>

        init(_ count: Int) { self.count = Mutex(count) }

        func isLast() -> Bool {
            count.withLock { count in
                count -= 1
                return count == 0
            }
        }
    }
}
