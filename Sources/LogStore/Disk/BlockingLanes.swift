import Dispatch

/// Threads for blocking work that is done side by side, because a disk shares its flushes and seeks among those who wait.
///
/// Each serial queue gets a thread from Dispatch as soon as it has work; a concurrent queue or `concurrentPerform` would
/// start no more threads than there are cores, however long they wait for the disk.
struct BlockingLanes: Sendable {
    /// All lanes but the caller's.
    private let queues: [DispatchQueue]

    /// - Parameter width: at least 1; with 1 everything runs on the calling thread, in order.
    init(_ name: String, width: Int) {
        precondition(width > 0, "Work on \(width) threads cannot be done")
        queues = (1..<width).map { DispatchQueue(label: "edgebroker.\(name).\($0)") }
    }

    /// Calls `body` with each number below `count`, in no order, and blocks the calling thread, which does its share, until
    /// all are done.
    func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        let lanes = min(queues.count + 1, count)
        if lanes <= 1 { return (0..<count).forEach(body) }
        withoutActuallyEscaping(body) { body in
            let others = DispatchGroup()
            for lane in 1..<lanes {
                queues[lane - 1].async(group: others) {
                    for index in stride(from: lane, to: count, by: lanes) { body(index) }
                }
            }
            for index in stride(from: 0, to: count, by: lanes) { body(index) }
            others.wait()
        }
    }
}
