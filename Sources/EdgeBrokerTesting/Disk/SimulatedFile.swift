import Glibc
import LogStore
import Synchronization

/// An open file of a simulated disk. It stays readable and writable after its name is gone.
final class SimulatedFile: DiskFile {
    let path: String
    private let disk: SimulatedDisk
    private let index: Int

    init(_ disk: SimulatedDisk, _ index: Int, _ path: String) {
        self.disk = disk
        self.index = index
        self.path = path
    }

    func close() {}

    func size() throws(DiskError) -> Int {
        try disk.look("look at", path) { $0.files[index].live.count }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        try disk.look("read", path) { state throws(DiskError) in
            if state.faults.reads > 0, state.generator.chance(state.faults.reads) {
                state.tally.failedReads += 1
                throw DiskError("read", path, errno: EIO)
            }
            return state.files[index].live.withUnsafeBytes { bytes in
                let count = max(0, min(buffer.count, bytes.count - position))
                if count > 0 {
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)]))
                }
                return count
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        try disk.change(.write, "write", path) { state, isCut throws(DiskError) in
            var count = bytes.count
            var failure: Int32?
            let room = max(0, state.capacity - state.usedBytes)
            let growth = max(0, position + count - state.files[index].taken)
            if growth > room {
                count = max(0, count - (growth - room))
                // A disk that fills up takes what fits, or nothing.
                if count == 0 || state.generator.chance(500) { failure = ENOSPC }
            } else if state.generator.chance(state.faults.writes) {
                failure = EIO
            } else if count > 1, state.generator.chance(state.faults.shortWrites) {
                count = state.generator.within(1...(count - 1))
                state.tally.shortWrites += 1
            }
            if failure != nil || isCut { count = count == 0 ? 0 : state.generator.below(count + 1) }
            if count > 0 {
                let before = state.files[index].taken
                state.files[index].write(Array(bytes.prefix(count)), at: position)
                state.usedBytes += state.files[index].taken - before
            }
            if failure == ENOSPC { state.tally.fullDisks += 1 }
            if failure == EIO { state.tally.failedWrites += 1 }
            if let failure { throw DiskError("write", path, errno: failure) }
            return count
        }
    }

    func truncate(to size: Int) throws(DiskError) {
        try disk.change(.truncate, "truncate", path) { state, _ throws(DiskError) in
            if state.generator.chance(state.faults.writes) {
                state.tally.failedWrites += 1
                throw DiskError("truncate", path, errno: EIO)
            }
            state.resize(index, to: size)
        }
    }

    func preallocate(_ size: Int) throws(DiskError) {
        try disk.change(.preallocate, "reserve space for", path) { state, _ throws(DiskError) in
            let more = max(0, size - state.files[index].taken)
            if more > state.capacity - state.usedBytes {
                state.tally.fullDisks += 1
                throw DiskError("reserve space for", path, errno: ENOSPC)
            }
            state.files[index].reserved = max(state.files[index].reserved, size)
            state.usedBytes += more
        }
    }

    func sync() throws(DiskError) {
        disk.announce(.sync, path)
        let (pending, hook) = try disk.state.withLock { state throws(DiskError) in
            if try state.begin(.sync, "sync", path) {
                // All of it arrived, and nobody learns of it.
                if state.generator.chance(500) { settle(state.files[index].pendingCount, &state) }
                state.isPowered = false
                try state.checkPower("sync", path)
            }
            if state.generator.chance(state.faults.syncs) {
                fail(&state)
                throw DiskError("sync", path, errno: EIO)
            }
            do throws(DiskError) {
                try state.refuseRoom("sync", path)
            } catch {
                // Delayed allocation finds out at the sync that there is no room.
                fail(&state)
                throw error
            }
            return (state.files[index].pendingCount, state.duringSync)
        }
        hook?()
        let (number, done) = try disk.state.withLock { state throws(DiskError) in
            try state.checkPower("sync", path)
            settle(pending, &state)
            return (state.operations, state.onOperation)
        }
        done?(DiskOperation(kind: .sync, path: path, number: number))
    }

    private func settle(_ changes: Int, _ state: inout SimulatedDisk.State) {
        state.files[index].sync(first: changes)
        if state.syncKeepsNames { state.names.syncNames(of: index) }
    }

    /// Some of it may have arrived; of the rest the kernel keeps all for another try, or drops all.
    private func fail(_ state: inout SimulatedDisk.State) {
        state.tally.failedSyncs += 1
        state.files[index].sync(first: state.generator.below(state.files[index].pendingCount + 1))
        if state.generator.chance(500) {
            state.tally.lostSyncs += 1
            state.files[index].dropPending(evicting: state.generator.chance(500))
        }
    }
}
