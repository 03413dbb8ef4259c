import Synchronization

/// Syncs the files of one commit round side by side, because the disk then shares its flushes among them
/// (docs/decisions/0001).
package struct SyncPool: Sendable {
    /// Measured in docs/decisions/0001: more threads win nothing below 16 files.
    package static let defaultWidth = 8

    private let lanes: BlockingLanes

    init(width: Int) { lanes = BlockingLanes("sync", width: width) }

    /// Blocks the calling thread, which syncs its share itself, until every file was tried.
    func sync(_ files: [any DiskFile]) -> [DiskError?] {
        if files.count == 1 { return [Self.syncOne(files[0])] }
        let results = Results(count: files.count)
        lanes.forEach(files.count) { results.set(Self.syncOne(files[$0]), at: $0) }
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
        func set(_ error: DiskError?, at index: Int) { values.withLock { $0[index] = error } }
    }
}
