import RecordFormat

/// What is good of a damaged segment, as segments of their own.
struct Pieces {
    struct Piece {
        /// Of the damaged file.
        let bytes: Range<Int>
        let offsets: Range<Offset>
    }

    let pieces: [Piece]

    init(_ walk: SegmentWalk, base: Offset) {
        var pieces: [Piece] = []
        var (position, offset) = (0, base)
        func add(_ end: Int, _ next: Offset) {
            if end > position, next > offset { pieces.append(Piece(bytes: position..<end, offsets: offset..<next)) }
        }
        for hole in walk.holes {
            add(hole.bytes.lowerBound, hole.offsets.lowerBound)
            (position, offset) = (hole.bytes.upperBound, hole.offsets.upperBound)
        }
        add(walk.end.size, walk.end.nextOffset)
        self.pieces = pieces
    }

    /// Writes a part of a file as a file of its own, synced; its name is durable once the folder is.
    static func write(
        _ path: String, on disk: any Disk, from source: any DiskFile, _ bytes: Range<Int>
    ) throws(DiskError) {
        let file = try disk.open(path, .createEmpty)
        defer { file.close() }
        var position = bytes.lowerBound
        while position < bytes.upperBound {
            let chunk = try source.bytes(at: position, count: min(1 << 20, bytes.upperBound - position))
            if chunk.isEmpty { throw DiskError("read", source.path, errno: DiskError.endedEarly) }
            try file.writeAll(chunk, at: position - bytes.lowerBound)
            position += chunk.count
        }
        try file.sync()
    }
}

extension SegmentName {
    /// A piece of a damaged segment, whole and synced, before it takes its place.
    static func repaired(_ base: Offset) -> String { log(base) + ".repaired" }
    static let repairedSuffix = ".log.repaired"
}
