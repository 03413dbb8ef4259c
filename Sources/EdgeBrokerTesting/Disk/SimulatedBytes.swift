/// The bytes of one file, twice: as programs see them, and as they lie on the medium. In between stand the changes that no
/// sync has carried over yet.
struct SimulatedBytes: Sendable {
    private enum Change {
        case write(at: Int, [UInt8])
        case setSize(Int)
    }

    /// Sectors are written whole or not at all, in any order.
    static let sectorSize = 512

    private(set) var live: [UInt8] = []
    private(set) var durable: [UInt8] = []
    private var pending: [Change] = []
    /// Room that is taken for bytes to come.
    var reserved = 0

    /// Room that the file takes.
    var taken: Int { max(live.count, reserved) }

    /// How many changes a sync that begins now would carry over.
    var pendingCount: Int { pending.count }

    mutating func write(_ bytes: [UInt8], at position: Int) {
        note(.write(at: position, bytes))
    }

    mutating func setSize(_ size: Int) {
        if size != live.count { note(.setSize(size)) }
    }

    private mutating func note(_ change: Change) {
        Self.apply(change, to: &live)
        pending.append(change)
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .write(let position, let written):
            put(written[...], at: position, into: &bytes)
        case .setSize(let size):
            if size < bytes.count {
                bytes.removeLast(bytes.count - size)
            } else {
                bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
            }
        }
    }

    private static func put(_ written: ArraySlice<UInt8>, at position: Int, into bytes: inout [UInt8]) {
        if bytes.count < position { bytes.append(contentsOf: repeatElement(0, count: position - bytes.count)) }
        let overlap = min(written.count, bytes.count - position)
        if overlap > 0 {
            bytes.withUnsafeMutableBytes { target in
                written.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(rebasing: target[position..<(position + overlap)])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<overlap]))
                }
            }
        }
        if overlap < written.count { bytes.append(contentsOf: written.dropFirst(overlap)) }
    }

    // MARK: Syncs

    /// The oldest `count` changes are durable now.
    mutating func sync(first count: Int) {
        if count >= pending.count {
            // One memory for both, until the next write.
            if !pending.isEmpty { durable = live }
            pending = []
            return
        }
        for change in pending.prefix(count) { Self.apply(change, to: &durable) }
        pending.removeFirst(count)
    }

    /// What the kernel does after a failed write-back: the changes are forgotten and count as clean, so that the next sync
    /// succeeds without them. Only the size is still known to the file system.
    /// - Parameter evicting: the cache lets go of the pages, so programs see what the medium has.
    mutating func dropPending(evicting: Bool) {
        if pending.isEmpty { return }
        pending = []
        if evicting {
            let size = live.count
            live = durable
            Self.apply(.setSize(size), to: &live)
        }
        if live.count != durable.count { pending = [.setSize(live.count)] }
    }

    // MARK: Damage

    /// Changes a byte in the cache and on the medium, as rot does.
    mutating func flip(_ mask: UInt8, at position: Int) {
        if position < live.count { live[position] ^= mask }
        if position < durable.count { durable[position] ^= mask }
    }

    mutating func clear(_ range: Range<Int>) {
        for position in range {
            if position < live.count { live[position] = 0 }
            if position < durable.count { durable[position] = 0 }
        }
    }

    // MARK: Power cuts

    /// What may lie on the medium after a cut: everything synced, and of the rest some mixture that the generator chooses.
    ///
    /// - Parameter stale: old contents of the disk, which may show where the file grew and its bytes did not arrive.
    func afterPowerCut(_ generator: inout SeededGenerator, stale: [UInt8]) -> SimulatedBytes {
        var bytes = durable
        // Most files of a disk, most of the time.
        if !pending.isEmpty {
            switch generator.below(6) {
            case 0: break
            case 1: for change in pending { Self.apply(change, to: &bytes) }
            case 2, 3: applyPrefix(to: &bytes, &generator)
            case 4: applySectors(to: &bytes, filler: [0], &generator)
            default: applySectors(to: &bytes, filler: stale, &generator)
            }
        }
        var survivor = SimulatedBytes()
        survivor.live = bytes
        survivor.durable = bytes
        return survivor
    }

    /// In order, ending somewhere inside a change.
    private func applyPrefix(to bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let end = generator.below(pending.count)
        for change in pending.prefix(end) { Self.apply(change, to: &bytes) }
        if case .write(let position, let written) = pending[end] {
            Self.put(written.prefix(generator.below(written.count + 1)), at: position, into: &bytes)
        }
    }

    /// Sector by sector, each arrived or not; the size may have arrived without them.
    private func applySectors(to bytes: inout [UInt8], filler: [UInt8], _ generator: inout SeededGenerator) {
        let kept = generator.within(100...900)
        let sizeKept = generator.chance(600)
        for change in pending {
            switch change {
            case .setSize: if generator.chance(kept) { Self.apply(change, to: &bytes) }
            case .write(let position, let written):
                var start = position
                while start < position + written.count {
                    let end = min(position + written.count, (start / Self.sectorSize + 1) * Self.sectorSize)
                    if generator.chance(kept) {
                        grow(&bytes, to: start, filler)
                        Self.put(written[(start - position)..<(end - position)], at: start, into: &bytes)
                    }
                    start = end
                }
            }
        }
        if sizeKept { grow(&bytes, to: live.count, filler) }
    }

    private func grow(_ bytes: inout [UInt8], to size: Int, _ filler: [UInt8]) {
        while bytes.count < size {
            bytes.append(filler.isEmpty ? 0 : filler[bytes.count % filler.count])
        }
    }
}
