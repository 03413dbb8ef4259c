import Glibc
package import LogStore
import Synchronization

/// A disk in memory that knows what is durable: it can lose power at any call, fail, fill up and rot, all from one seed.
///
/// It promises what POSIX promises and nothing else: bytes are durable after a sync of the file, names after a sync of the
/// folder. One life of a process is one disk: take the next one's from ``afterPowerCut()`` or ``afterKill()``. Calls may come
/// from any thread; the same seed gives the same run only if they come in the same order.
package final class SimulatedDisk: Disk {
    struct State {
        var names = SimulatedNames()
        var files: [SimulatedBytes] = []
        var generator: SeededGenerator
        var isPowered = true
        var powerCutAt: Int?
        var operations = 0
        var counts = [Int](repeating: 0, count: DiskOperation.Kind.allCases.count)
        var faults = DiskFaults.none
        var tally = DiskTally()
        var capacity = Int.max
        var usedBytes = 0
        var syncKeepsNames = false
        var locked: Set<String> = []
        var onOperation: (@Sendable (DiskOperation) -> Void)?
        var beforeOperation: (@Sendable (DiskOperation) -> Void)?
        var duringSync: (@Sendable () -> Void)?
    }

    let state: Mutex<State>

    package init(seed: UInt64) {
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    init(_ state: consuming sending State) { self.state = Mutex(state) }

    // MARK: What happens to it

    /// The number of the operation at which power is lost: half of the time before it, half of the time in the middle of it,
    /// and then nobody learns how far it came. `nil`: never.
    package var powerCutAt: Int? {
        get { state.withLock { $0.powerCutAt } }
        set { state.withLock { $0.powerCutAt = newValue } }
    }

    /// False once power was lost: every call fails from then on.
    package var isPowered: Bool { state.withLock { $0.isPowered } }

    package var faults: DiskFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    package var tally: DiskTally { state.withLock { $0.tally } }

    /// Bytes that fit on it.
    package var capacity: Int {
        get { state.withLock { $0.capacity } }
        set { state.withLock { $0.capacity = newValue } }
    }

    /// Bytes of all files that have a name.
    package var usedBytes: Int { state.withLock { $0.usedBytes } }

    /// True: the sync of a file keeps its name too, and names survive in the order in which they were made, as on ext4. False:
    /// only what POSIX promises.
    package var syncKeepsNames: Bool {
        get { state.withLock { $0.syncKeepsNames } }
        set { state.withLock { $0.syncKeepsNames = newValue } }
    }

    /// Operations of this life: calls that change something, syncs among them.
    package var operations: Int { state.withLock { $0.operations } }

    package func count(of kind: DiskOperation.Kind) -> Int { state.withLock { $0.counts[kind.rawValue] } }

    /// Called after each operation that succeeded, on its thread.
    package func onOperation(_ body: (@Sendable (DiskOperation) -> Void)?) { state.withLock { $0.onOperation = body } }

    /// Called before each operation, on its thread, whatever will become of it. Power may be thought lost here: what a disk is in the
    /// middle of a call is one of the things that it may be after a cut before the call or behind it.
    package func beforeOperation(_ body: (@Sendable (DiskOperation) -> Void)?) {
        state.withLock { $0.beforeOperation = body }
    }

    /// Called in the middle of each sync of a file, on its thread: what is written from there is not covered by this sync.
    package func duringSync(_ body: (@Sendable () -> Void)?) { state.withLock { $0.duringSync = body } }

    package func losePower() { state.withLock { $0.isPowered = false } }

    // MARK: Disk

    package func createDirectory(_ path: String) throws(DiskError) {
        try change(.createDirectory, "create folder", path) { state, _ throws(DiskError) in
            if state.names[path] != nil { throw DiskError("create folder", path, errno: EEXIST) }
            try state.checkParent(of: path, "create folder")
            try state.checkRoom(path, "create folder")
            state.names.link(path, .directory)
        }
    }

    package func list(_ directory: String) throws(DiskError) -> [String] {
        try look("list", directory) { state throws(DiskError) in
            guard let names = state.names.names(in: directory) else {
                throw DiskError("list", directory, errno: state.names[directory] == nil ? ENOENT : ENOTDIR)
            }
            return names.shuffled(using: &state.generator)
        }
    }

    package func kind(of path: String) throws(DiskError) -> FileKind {
        try look("look at", path) { state in
            switch state.names[path] {
            case nil: .absent
            case .directory: .directory
            case .file: .file
            }
        }
    }

    package func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile {
        let found = try look("open", path) { state throws(DiskError) -> Int? in
            switch state.names[path] {
            case .file(let index): return index
            case .directory: throw DiskError("open", path, errno: EISDIR)
            case nil: return nil
            }
        }
        switch (mode, found) {
        case (.createEmpty, _):
            return SimulatedFile(self, try createEmpty(path), path)
        case (.read, let index?), (.readWrite, let index?):
            return SimulatedFile(self, index, path)
        case (.read, nil), (.readWrite, nil):
            throw DiskError("open", path, errno: ENOENT)
        }
    }

    private func createEmpty(_ path: String) throws(DiskError) -> Int {
        try change(.createFile, "open", path) { state, _ throws(DiskError) in
            if case .file(let index) = state.names[path] {
                state.resize(index, to: 0)
                return index
            }
            try state.checkParent(of: path, "open")
            try state.checkRoom(path, "open")
            state.files.append(SimulatedBytes())
            let index = state.files.count - 1
            state.names.link(path, .file(index))
            return index
        }
    }

    package func rename(_ source: String, to destination: String) throws(DiskError) {
        try change(.rename, "rename", source) { state, _ throws(DiskError) in
            guard let node = state.names[source] else { throw DiskError("rename", source, errno: ENOENT) }
            if !state.names.areNeighbours(source, destination) {
                throw DiskError("rename", source, errno: EXDEV)
            }
            switch (node, state.names[destination]) {
            case (.file, .file(let replaced)): state.usedBytes -= state.files[replaced].taken
            case (_, nil): break
            case (.file, .directory): throw DiskError("rename", source, errno: EISDIR)
            case (.directory, .file): throw DiskError("rename", source, errno: ENOTDIR)
            // POSIX replaces an empty one; nobody here needs that.
            case (.directory, .directory): throw DiskError("rename", source, errno: ENOTEMPTY)
            }
            state.names.rename(source, to: destination)
        }
    }

    package func remove(_ path: String) throws(DiskError) {
        try change(.remove, "remove", path) { state, _ throws(DiskError) in
            switch state.names[path] {
            case nil: throw DiskError("remove", path, errno: ENOENT)
            case .directory:
                if state.names.names(in: path)?.isEmpty == false { throw DiskError("remove", path, errno: ENOTEMPTY) }
            case .file(let index): state.usedBytes -= state.files[index].taken
            }
            state.names.unlink(path)
        }
    }

    package func syncDirectory(_ path: String) throws(DiskError) {
        try change(.syncDirectory, "sync folder", path) { state, _ throws(DiskError) in
            if state.names[path] != .directory { throw DiskError("sync folder", path, errno: ENOENT) }
            state.names.sync(path)
        }
    }

    /// One after the other, in an order that the seed chooses: power can be lost between two.
    package func sync(_ files: [any DiskFile]) -> [DiskError?] {
        var results = [DiskError?](repeating: nil, count: files.count)
        let order = state.withLock { state in files.indices.shuffled(using: &state.generator) }
        for index in order {
            do throws(DiskError) { try files[index].sync() } catch { results[index] = error }
        }
        return results
    }

    package func lock(_ path: String) throws(DiskError) -> (any DiskLock)? {
        if try kind(of: path) == .absent { _ = try createEmpty(path) }
        let taken = try look("lock", path) { state in state.locked.insert(path).inserted }
        return taken ? SimulatedLock(self, path) : nil
    }

    package func freeBytes(at path: String) throws(DiskError) -> Int64 {
        try look("ask for free space on", path) { state in Int64(max(0, state.capacity - state.usedBytes)) }
    }

    private final class SimulatedLock: DiskLock {
        private let disk: SimulatedDisk
        private let path: String
        init(_ disk: SimulatedDisk, _ path: String) {
            self.disk = disk
            self.path = path
        }
        func release() { disk.state.withLock { _ = $0.locked.remove(path) } }
    }
}
