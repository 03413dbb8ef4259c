import Glibc
import LogStore
import Synchronization

/// What every call has in common: power, faults, counting.
extension SimulatedDisk {
    /// A call that changes nothing: no place to lose power at.
    func look<T: Sendable>(
        _ operation: String, _ path: String, _ body: (inout State) throws(DiskError) -> T
    ) throws(DiskError) -> T {
        try state.withLock { state throws(DiskError) in
            try state.checkPower(operation, path)
            return try body(&state)
        }
    }

    /// A call that changes something.
    ///
    /// - Parameter body: makes the change; told whether power is lost in the middle of it.
    func change<T: Sendable>(
        _ kind: DiskOperation.Kind, _ operation: String, _ path: String,
        _ body: (inout State, _ isCut: Bool) throws(DiskError) -> T
    ) throws(DiskError) -> T {
        let (result, number, hook) = try state.withLock { state throws(DiskError) in
            if try state.begin(kind, operation, path) {
                if state.generator.chance(500) { _ = try? body(&state, true) }
                state.isPowered = false
                try state.checkPower(operation, path)
            }
            if kind != .write, kind != .truncate, kind != .sync, state.generator.chance(state.faults.names) {
                throw DiskError(operation, path, errno: EIO)
            }
            return (try body(&state, false), state.operations, state.onOperation)
        }
        hook?(DiskOperation(kind: kind, path: path, number: number))
        return result
    }
}

extension SimulatedDisk.State {
    func checkPower(_ operation: String, _ path: String) throws(DiskError) {
        if !isPowered { throw DiskError(operation, path, errno: ENODEV) }
    }

    /// Counts an operation.
    /// - Returns: whether power is lost at it.
    mutating func begin(_ kind: DiskOperation.Kind, _ operation: String, _ path: String) throws(DiskError) -> Bool {
        try checkPower(operation, path)
        operations += 1
        counts[kind, default: 0] += 1
        return operations == powerCutAt
    }

    func checkParent(of path: String, _ operation: String) throws(DiskError) {
        if names[SimulatedNames.split(path).directory] != .directory { throw DiskError(operation, path, errno: ENOENT) }
    }

    func checkRoom(_ path: String, _ operation: String) throws(DiskError) {
        if usedBytes >= capacity { throw DiskError(operation, path, errno: ENOSPC) }
    }

    mutating func resize(_ file: Int, to size: Int) {
        let before = files[file].taken
        files[file].setSize(size)
        files[file].reserved = 0
        usedBytes += files[file].taken - before
    }
}
