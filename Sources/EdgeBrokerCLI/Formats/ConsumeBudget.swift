import Synchronization

/// How many records may still be printed, over all partitions.
final class ConsumeBudget: Sendable {
    private let left: Mutex<Int?>

    init(_ max: Int?) { left = Mutex(max) }

    var isSpent: Bool { left.withLock { $0 == 0 } }

    /// - Returns: how many of `count` may be printed; they are taken off.
    func take(_ count: Int) -> Int {
        left.withLock { left in
            guard let limit = left else { return count }
            let granted = min(limit, count)
            left = limit - granted
            return granted
        }
    }
}
