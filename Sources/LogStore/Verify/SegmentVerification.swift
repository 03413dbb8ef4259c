import RecordFormat

/// Reads one segment whole and holds it against its seal or the durable mark.
struct SegmentVerification {
    let disk: any Disk
    let folder: String
    let base: Offset
    /// Base offset of the segment that follows, if one does.
    let next: Offset?
    let topicID: Identifier
    let partition: Int32
    let mark: SyncedEnd?

    private(set) var batches = 0
    private(set) var bytes = 0
    private(set) var damages: [RecoveryReport.Damage] = []
    private(set) var tornTails: [RecoveryReport.TornTail] = []
    private(set) var notes: [String] = []

    init(
        disk: any Disk, folder: String, base: Offset, next: Offset?, topicID: Identifier, partition: Int32,
        mark: SyncedEnd?
    ) {
        self.disk = disk
        self.folder = folder
        self.base = base
        self.next = next
        self.topicID = topicID
        self.partition = partition
        self.mark = mark
    }

    /// What is known to have been synced: everything below is damage when it is bad, everything above is a torn tail.
    private struct Floor {
        var size: Int
        var offset: Offset
        var checksum: UInt32?
        var witness: String
        /// By a seal: the segment ends there, whatever the file has.
        var isClosed = false
    }

    /// - Returns: the offset at which the next segment should begin.
    mutating func run(_ visit: (ArraySlice<UInt8>) -> Void) throws(DiskError) -> Offset {
        let path = folder + "/" + SegmentName.log(base)
        let file = try disk.open(path, .read)
        let size = try file.size()
        let floor = try floor(size: size)
        let before = damages.count
        // Nothing behind a closed segment's end is ever served.
        var scanner = BatchScanner(file, from: 0, to: floor.isClosed ? min(size, floor.size) : size, expecting: base)
        var floorChecksum: UInt32? = floor.size == 0 ? 0 : nil
        scan: while true {
            let from = scanner.expected
            let byte = scanner.position
            switch try scanner.next() {
            case .end: break scan
            case .good(let good):
                batches += 1
                bytes += good.size
                visit(scanner.bytes(of: good))
                if scanner.position == floor.size { floorChecksum = scanner.checksum }
            case .bad(let reason):
                if byte >= floor.size {
                    if size > byte, next == nil {
                        tornTails.append(
                            RecoveryReport.TornTail(file: path, byte: byte, count: size - byte, cause: reason))
                    }
                    break scan
                }
                let found = try scanner.resynchronise(below: next ?? .unknownEnd)
                let end = found ? scanner.expected : max(floor.offset, from)
                damages.append(
                    RecoveryReport.Damage(file: path, offsets: from..<max(end, from), byte: byte, cause: reason))
                if !found { return max(end, floor.offset) }
            }
        }
        if size < floor.size, damages.count == before {
            damages.append(
                RecoveryReport.Damage(
                    file: path, offsets: scanner.expected..<max(floor.offset, scanner.expected), byte: size,
                    cause: "the file has \(size) bytes, \(floor.witness) says \(floor.size)"))
        } else if let right = floor.checksum, damages.count == before, floorChecksum != right {
            // Each batch's own CRC does not cover its first twelve bytes; this one does.
            damages.append(
                RecoveryReport.Damage(
                    file: path, offsets: base..<floor.offset, byte: 0,
                    cause: "the bytes before a batch's CRC have changed, or it is another file (\(floor.witness))"))
        }
        return max(scanner.expected, floor.offset)
    }

    private mutating func floor(size: Int) throws(DiskError) -> Floor {
        let sealName = SegmentName.seal(base)
        if let bytes = try disk.contents(of: folder + "/" + sealName, limit: 4096) {
            if let seal = SegmentSeal(decoding: bytes), seal.topicID == topicID, seal.partition == partition,
                seal.baseOffset == base
            {
                if size > Int(seal.logSize) {
                    notes.append(
                        "\(folder)/\(SegmentName.log(base)) is longer than its seal says; the rest is not served.")
                }
                return Floor(
                    size: Int(seal.logSize), offset: seal.nextOffset, checksum: seal.logChecksum, witness: sealName,
                    isClosed: true)
            }
            notes.append("\(folder)/\(sealName) is damaged or belongs to another segment.")
        } else if next != nil {
            notes.append("\(folder)/\(sealName) is missing.")
        }
        if let next { return Floor(size: size, offset: next, checksum: nil, witness: "the next segment") }
        if let mark, mark.segmentBase == base {
            return Floor(
                size: Int(mark.syncedLength), offset: mark.syncedOffset, checksum: mark.logChecksum,
                witness: SyncedEndsFile.fileName)
        }
        if let mark, mark.segmentBase > base {
            return Floor(size: size, offset: mark.segmentBase, checksum: nil, witness: SyncedEndsFile.fileName)
        }
        return Floor(size: 0, offset: base, checksum: nil, witness: "")
    }
}
