import Dispatch
import Synchronization

/// Syncs the files of one commit round side by side, because the disk then shares its flushes among them
/// (docs/decisions/0001).
///
/// A blocking `fdatasync` needs a thread. Each serial queue here gets one from Dispatch as soon as it has work; a
/// concurrent queue or `concurrentPerform` would start no more threads than there are cores, however long they wait for
/// the disk.
package struct SyncPool: Sendable {
    /// Measured in docs/decisions/0001: more threads win nothing below 16 files.
    package static let defaultWidth = 8

    /// All lanes but the caller's.
    private let queues: [DispatchQueue]

    init(width: Int) {
        precondition(width > 0, "A sync pool of \(width) threads cannot sync")
        queues = (1..<width).map { DispatchQueue(label: "edgebroker.sync.\($0)") }
    }

    /// Blocks the calling thread, which syncs its share itself, until every file was tried.
    func sync(_ files: [any DiskFile]) -> [DiskError?] {
        let lanes = min(queues.count + 1, files.count)
        if lanes <= 1 { return files.map(Self.syncOne) }
        let results = Results(count: files.count)
        let others = DispatchGroup()
        for lane in 1..<lanes {
            queues[lane - 1].async(group: others) { results.fill(from: files, lane: lane, of: lanes) }
        }
        results.fill(from: files, lane: 0, of: lanes)
        others.wait()
        return results.all
    }

    private static func syncOne(_ file: any DiskFile) -> DiskError? {
        do throws(DiskError) { try file.sync() } catch { return error }
        return nil
    }

    private final class Results: Sendable {
        private let values: Mutex<[DiskError?]>
        init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
        var all: [DiskError?] { values.withLock { $0 } }

        func fill(from files: [any DiskFile], lane: Int, of lanes: Int) {
            for index in stride(from: lane, to: files.count, by: lanes) {
                let error = SyncPool.syncOne(files[index])
                values.withLock { $0[index] = error }
            }
        }
    }
}
