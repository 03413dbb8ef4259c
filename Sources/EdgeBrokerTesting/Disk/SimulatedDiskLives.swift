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
            next.names = state.names.afterPowerCut(&next.generator, inOrder: inOrder)
            // What a lost sector shows may be something old, but never a whole batch exactly where one is expected: that
            // could not be told from one of ours. The file systems we run on show zeros there.
            var stale = next.generator.bytes(509)
            if let source = state.files.indices.randomElement(using: &next.generator) {
                let durable = state.files[source].durable
                let start = durable.isEmpty ? 0 : next.generator.below(durable.count) / 512 * 512
                stale = next.generator.bytes(61) + durable[start...].prefix(4099)
            }
            for bytes in state.files { next.files.append(bytes.afterPowerCut(&next.generator, stale: stale)) }
            next.usedBytes = next.names.files.reduce(0) { $0 + next.files[$1.file].taken }
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
