import Synchronization

/// What a process finds that starts after the last one ended.
extension SimulatedDisk {
    /// The disk as a power cut may leave it now: everything synced, and some of the rest. Nothing is locked, no fault is set.
    ///
    /// Each call gives another possibility.
    package func afterPowerCut() -> SimulatedDisk {
        state.withLock { state in
            let inOrder = state.syncKeepsNames
            var next = State(generator: state.generator.fork())
            next.syncKeepsNames = inOrder
            // What a lost sector shows may be something old, but never a whole batch exactly where one is expected: that
            // could not be told from one of ours. The file systems we run on show zeros there.
            var stale: [UInt8]?
            var files: [SimulatedBytes] = []
            var used = 0
            var torn = 0
            (next.names, next.tally.droppedNames) = state.names.afterPowerCut(&next.generator, inOrder: inOrder) {
                index, generator in
                if state.files[index].pendingCount > 0, stale == nil { stale = state.staleBytes(&generator) }
                let bytes = state.files[index].afterPowerCut(&generator, stale: stale ?? [])
                used += bytes.taken
                if state.files[index].pendingCount > 0, bytes.durable != state.files[index].live { torn += 1 }
                files.append(bytes)
                return files.count - 1
            }
            next.files = files
            next.usedBytes = used
            next.tally.tornFiles = torn
            return SimulatedDisk(next)
        }
    }

    /// The disk as the end of a process leaves it: everything written is there, but what was not synced may still be lost to
    /// the next power cut.
    package func afterKill() -> SimulatedDisk {
        state.withLock { state in
            var next = State(generator: state.generator.fork())
            next.syncKeepsNames = state.syncKeepsNames
            next.names = state.names
            next.files = state.files
            next.usedBytes = state.usedBytes
            return SimulatedDisk(next)
        }
    }

    // MARK: Rot

    package struct Rot: Sendable, Equatable {
        package let path: String
        package let bytes: Range<Int>
    }

    /// Changes one bit, or clears a sector, of a file that `choose` accepts: in the cache and on the medium, as a medium that
    /// rots and a process that starts afterwards see it.
    /// - Returns: what was hit; `nil` if there is no such byte, or if the sector was clear already.
    package func rot(in choose: (String) -> Bool) -> Rot? {
        state.withLock { state in
            let candidates = state.names.files.filter { choose($0.path) && !state.files[$0.file].durable.isEmpty }
            guard !candidates.isEmpty else { return nil }
            let (path, file) = state.generator.element(of: candidates)
            let count = state.files[file].durable.count
            let position = state.generator.below(count)
            if state.generator.chance(700) {
                state.files[file].flip(1 << UInt8(state.generator.below(8)), at: position)
                return Rot(path: path, bytes: position..<(position + 1))
            }
            let start = position / SimulatedBytes.sectorSize * SimulatedBytes.sectorSize
            let sector = start..<min(count, start + SimulatedBytes.sectorSize)
            if state.files[file].durable[sector].allSatisfy({ $0 == 0 }) { return nil }
            state.files[file].clear(sector)
            return Rot(path: path, bytes: sector)
        }
    }

    // MARK: Looking

    /// The paths of all files.
    package var paths: [String] { state.withLock { $0.names.files.map(\.path) } }

    /// A file's bytes as programs see them.
    package func bytes(of path: String) -> [UInt8]? {
        state.withLock { state in
            guard case .file(let index) = state.names[path] else { return nil }
            return state.files[index].live
        }
    }
}

extension SimulatedDisk.State {
    fileprivate func staleBytes(_ generator: inout SeededGenerator) -> [UInt8] {
        guard let source = files.indices.randomElement(using: &generator) else { return generator.bytes(509) }
        let durable = files[source].durable
        let size = SimulatedBytes.sectorSize
        let start = durable.isEmpty ? 0 : generator.below(durable.count) / size * size
        var stale = generator.bytes(61) + durable[start...].prefix(4099)
        // No header is left whole.
        for place in stride(from: 0, to: stale.count, by: 53) { stale[place] ^= 0x55 }
        return stale
    }
}
