import Dispatch
import Synchronization

/// Syncs the files of one commit round side by side, because the file system then lets them share a journal commit.
///
/// A blocking `fdatasync` needs a thread; the pool's are Dispatch's, never those of Swift's cooperative pool.
package struct SyncPool: Sendable {
    /// Measured in docs/decisions/0001: beyond this width nothing is won.
    package static let defaultWidth = 4

    let width: Int

    init(width: Int) {
        precondition(width > 0, "A sync pool of \(width) threads cannot sync")
        self.width = width
    }

    func sync(_ files: [any DiskFile]) -> [DiskError?] {
        if files.count <= 1 || width == 1 { return files.map(Self.syncOne) }
        let results = Results(count: files.count)
        let lanes = min(width, files.count)
        DispatchQueue.concurrentPerform(iterations: lanes) { lane in
            for index in stride(from: lane, to: files.count, by: lanes) {
                results.set(index, Self.syncOne(files[index]))
            }
        }
        return results.all
    }

    private static func syncOne(_ file: any DiskFile) -> DiskError? {
        do throws(DiskError) { try file.sync() } catch { return error }
        return nil
    }

    private final class Results: Sendable {
        private let values: Mutex<[DiskError?]>
        init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
        func set(_ index: Int, _ error: DiskError?) { values.withLock { $0[index] = error } }
        var all: [DiskError?] { values.withLock { $0 } }
    }
}
