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
        announce(kind, path)
        let (result, number, hook) = try state.withLock { state throws(DiskError) in
            if try state.begin(kind, operation, path) {
                if state.generator.chance(500) { _ = try? body(&state, true) }
                state.isPowered = false
                try state.checkPower(operation, path)
            }
            if kind != .write, kind != .truncate, kind != .sync, state.generator.chance(state.faults.names) {
                state.tally.failedNames += 1
                throw DiskError(operation, path, errno: EIO)
            }
            try state.refuseRoom(operation, path)
            return (try body(&state, false), state.operations, state.onOperation)
        }
        hook?(DiskOperation(kind: kind, path: path, number: number))
        return result
    }
}

extension SimulatedDisk {
    /// Outside the lock: whoever hears it may look at the disk, and at others.
    func announce(_ kind: DiskOperation.Kind, _ path: String) {
        let (hook, number) = state.withLock { ($0.isPowered ? $0.beforeOperation : nil, $0.operations + 1) }
        hook?(DiskOperation(kind: kind, path: path, number: number))
    }
}

extension SimulatedDisk.State {
    /// Any call may find that a quota is used up, whatever it would take.
    mutating func refuseRoom(_ operation: String, _ path: String) throws(DiskError) {
        if faults.noSpace > 0, generator.chance(faults.noSpace) {
            tally.fullDisks += 1
            throw DiskError(operation, path, errno: generator.chance(500) ? ENOSPC : EDQUOT)
        }
    }

    func checkPower(_ operation: String, _ path: String) throws(DiskError) {
        if !isPowered { throw DiskError(operation, path, errno: ENODEV) }
    }

    /// Counts an operation.
    /// - Returns: whether power is lost at it.
    mutating func begin(_ kind: DiskOperation.Kind, _ operation: String, _ path: String) throws(DiskError) -> Bool {
        try checkPower(operation, path)
        operations += 1
        counts[kind.rawValue] += 1
        return operations == powerCutAt
    }

    func checkParent(of path: String, _ operation: String) throws(DiskError) {
        if names.parent(of: path) != .directory { throw DiskError(operation, path, errno: ENOENT) }
    }

    mutating func checkRoom(_ path: String, _ operation: String) throws(DiskError) {
        if usedBytes >= capacity {
            tally.fullDisks += 1
            throw DiskError(operation, path, errno: ENOSPC)
        }
    }

    mutating func resize(_ file: Int, to size: Int) {
        let before = files[file].taken
        files[file].setSize(size)
        files[file].reserved = 0
        usedBytes += files[file].taken - before
    }
}
