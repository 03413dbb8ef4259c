import RecordFormat

/// `synced-ends`: one ``SyncedEnd`` per partition in two generations that are written in turn, so that a torn write
/// always leaves the one before. Used by one thread at a time.
///
/// | at                                | size | meaning                                            |
/// |:----------------------------------|-----:|:---------------------------------------------------|
/// | 0                                 |    8 | `EBSYNCED`                                         |
/// | 8                                 |    4 | version, 1                                         |
/// | 12                                |   16 | the log's identity                                 |
/// | 28                                |    4 | CRC-32C of bytes 0…27                              |
/// | 32                                | 4064 | zero                                               |
/// | 4096 + 4096·(2·⌊i/32⌋ + g) + 128·(i mod 32) | 128 | slot *i*, generation *g* (0 or 1): ``SyncedEnd`` |
/// `@unchecked Sendable`, because it belongs to ``CommitState`` and is reached only under that lock.
package final class SyncedEndsFile: @unchecked Sendable {
    package static let fileName = "synced-ends"
    private static let magic = Array("EBSYNCED".utf8)
    private static let version: UInt32 = 1
    static let blockSize = 4096
    static let slotsPerBlock = blockSize / SyncedEnd.encodedSize
    /// 1,048,576 partitions: a limit against a damaged file size, not a promise.
    private static let sizeLimit = blockSize * (1 + 2 * 1_048_576 / slotsPerBlock)

    struct Key: Hashable {
        let topicID: Identifier
        let partition: Int32
    }

    private struct Slot {
        let index: Int
        /// The generation that holds `latest`, once synced.
        var generation: Int
        var latest: SyncedEnd
        var staged: SyncedEnd?
    }

    private let disk: any Disk
    private let directory: String
    private let identity: Identifier
    private var file: any DiskFile
    private var slots: [Key: Slot] = [:]
    /// Slots that hold bytes but no valid generation: the first write of a mark was torn by a power cut, or both have rotted.
    package private(set) var damagedSlots = 0
    /// The slots were read all the same: each has a checksum of its own, and names a topic that no other log has.
    package private(set) var isHeaderDamaged = false

    package static func slotPosition(_ index: Int, generation: Int) -> Int {
        blockSize * (1 + 2 * (index / slotsPerBlock) + generation) + SyncedEnd.encodedSize * (index % slotsPerBlock)
    }

    package static func header(identity: Identifier) -> [UInt8] {
        var writer = FieldWriter(reserving: blockSize)
        writer.append(magic)
        writer.append(version)
        writer.append(identity.bytes)
        writer.append(checksum(of: writer.bytes))
        writer.pad(to: blockSize)
        return writer.bytes
    }

    /// Whose file this is, if its header is good.
    package static func identity(inHeader bytes: [UInt8]) -> Identifier? {
        guard bytes.count >= blockSize else { return nil }
        guard let identity = Identifier(Array(bytes[12..<28])),
            Array(bytes[..<32]) == Array(header(identity: identity)[..<32])
        else { return nil }
        return identity
    }

    /// The identity in the header of the file in `directory`, if it is there and good.
    static func identity(on disk: any Disk, in directory: String) throws(DiskError) -> Identifier? {
        try disk.readable(directory + "/" + fileName, limit: sizeLimit).flatMap { identity(inHeader: $0) }
    }

    /// Makes a new, empty file durable.
    static func create(on disk: any Disk, in directory: String, identity: Identifier) throws(DiskError) {
        try disk.replace(directory + "/" + fileName, with: header(identity: identity), in: directory)
    }

    /// Opens the file and reads every slot. With a damaged header it is not to be written before ``rewrite()``.
    /// - Returns: `nil` if the file is absent, another log's, or nothing in it is good: then no partition has a mark.
    package init?(
        on disk: any Disk, in directory: String, identity: Identifier, mode: OpenMode = .readWrite
    ) throws(DiskError) {
        let path = directory + "/" + Self.fileName
        guard var bytes = try disk.readable(path, limit: Self.sizeLimit), bytes.count >= Self.blockSize else {
            return nil
        }
        if let owner = Self.identity(inHeader: bytes), owner != identity { return nil }
        isHeaderDamaged = Array(bytes[..<Self.blockSize]) != Self.header(identity: identity)
        // A slot ends in zeros, so one that the end of the file cuts is whole once the file grows. It counts from the start, or
        // it would come back later with what is no longer true.
        bytes += [UInt8](repeating: 0, count: 2 * Self.blockSize - bytes.count % (2 * Self.blockSize))
        self.disk = disk
        self.directory = directory
        self.identity = identity
        file = try disk.open(path, mode)
        for index in 0..<((bytes.count / Self.blockSize) / 2 * Self.slotsPerBlock + Self.slotsPerBlock) {
            let generations = (0...1).map { generation -> ArraySlice<UInt8> in
                let start = Self.slotPosition(index, generation: generation)
                return start + SyncedEnd.encodedSize <= bytes.count
                    ? bytes[start..<(start + SyncedEnd.encodedSize)] : []
            }
            // Most of a block, in most logs.
            if generations.allSatisfy(Self.isBlank) { continue }
            let decoded = generations.map { SyncedEnd(decoding: $0) }
            if let newest = [0, 1].filter({ decoded[$0] != nil })
                .max(by: { (decoded[$0]?.sequence ?? 0) < (decoded[$1]?.sequence ?? 0) }), let mark = decoded[newest]
            {
                let key = Key(topicID: mark.topicID, partition: mark.partition)
                // Twice only after damage; then the one that was written more often is the newer.
                if let other = slots[key]?.latest, other.sequence > mark.sequence { continue }
                slots[key] = Slot(index: index, generation: newest, latest: mark)
            } else {
                damagedSlots += 1
            }
        }
        if isHeaderDamaged, slots.isEmpty { return nil }
    }

    private static func isBlank(_ slot: ArraySlice<UInt8>) -> Bool {
        slot.withUnsafeBytes { bytes in
            var position = 0
            var sum: UInt64 = 0
            while position + 8 <= bytes.count {
                sum |= bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                position += 8
            }
            return sum == 0 && bytes[position...].allSatisfy { $0 == 0 }
        }
    }

    package func mark(topicID: Identifier, partition: Int32) -> SyncedEnd? {
        slots[Key(topicID: topicID, partition: partition)]?.latest
    }

    package var marks: [SyncedEnd] { slots.values.map(\.latest) }

    /// Writes `mark` into the generation that is not the newest. Not durable, and not the answer of
    /// ``mark(topicID:partition:)``, until ``sync()`` or a round that includes ``dirtyFile`` is followed by
    /// ``settle()``.
    package func stage(_ mark: SyncedEnd) throws(DiskError) {
        let key = Key(topicID: mark.topicID, partition: mark.partition)
        var slot = slots[key] ?? Slot(index: freeIndex(), generation: 1, latest: mark)
        var next = mark
        next.sequence = (slots[key]?.latest.sequence ?? 0) &+ 1
        slot.staged = next
        slots[key] = slot
        try file.writeAll(next.encoded, at: Self.slotPosition(slot.index, generation: 1 - slot.generation))
        // The first time into both, so that from its first sync on no single damage takes a mark away.
        if next.sequence == 1 {
            try file.writeAll(next.encoded, at: Self.slotPosition(slot.index, generation: slot.generation))
        }
    }

    /// The file to include in a round's sync after something was staged.
    var dirtyFile: any DiskFile { file }

    /// What was staged is now synced.
    func settle() {
        for (key, slot) in slots {
            guard let staged = slot.staged else { continue }
            slots[key] = Slot(index: slot.index, generation: 1 - slot.generation, latest: staged)
        }
    }

    /// Syncs what was staged.
    package func sync() throws(DiskError) {
        try file.sync()
        settle()
    }

    /// After a failed write or sync: puts the last settled marks into a new file. What was staged is forgotten; the
    /// marks come again with the next round. Until this succeeds the old file's newest generations stand.
    package func rewrite() throws(DiskError) {
        var bytes = Self.header(identity: identity)
        for (key, slot) in slots {
            slots[key]?.staged = nil
            // A slot that was never synced has no earlier generation to keep.
            if slot.latest.sequence == 0 { continue }
            // Both, as with the first one: from here on too no single damage takes a mark away.
            for generation in 0...1 {
                let start = Self.slotPosition(slot.index, generation: generation)
                if bytes.count < start + SyncedEnd.encodedSize {
                    bytes += [UInt8](repeating: 0, count: start + SyncedEnd.encodedSize - bytes.count)
                }
                bytes.replaceSubrange(start..<(start + SyncedEnd.encodedSize), with: slot.latest.encoded)
            }
        }
        let path = directory + "/" + Self.fileName
        try disk.replace(path, with: bytes, in: directory)
        file.close()
        file = try disk.open(path, .readWrite)
    }

    /// Forgets the marks of partitions that are deleted. They stand in the file until ``rewrite()``, and nothing may be staged before.
    /// - Returns: whether there were some.
    func forget(_ keys: [Key]) -> Bool {
        let count = slots.count
        for key in keys { slots[key] = nil }
        return slots.count != count
    }

    private func freeIndex() -> Int {
        let used = Set(slots.values.map(\.index))
        return (0...used.count).first { !used.contains($0) } ?? used.count
    }
}
