import LogStore
import RecordFormat

/// The files beside the segments.
enum SmallFileDump {
    static func seal(_ path: String, _ disk: any Disk) throws -> Listing {
        guard let seal = SegmentSeal(decoding: try bytes(of: path, disk)) else {
            throw Failure(
                .unusableData, "\(path) is damaged or no seal. The next verification reads the segment without it.")
        }
        var listing = Listing([
            "topic_id", "partition", "base_offset", "next_offset", "log_size", "log_crc", "smallest_append_time",
            "largest_append_time",
        ])
        listing.add([
            .text("\(seal.topicID)"), .integer(Int64(seal.partition)), .integer(seal.baseOffset.rawValue),
            .integer(seal.nextOffset.rawValue), .integer(seal.logSize), .integer(Int64(seal.logChecksum)),
            .integer(seal.smallestAppendTime.millisecondsSince1970),
            .integer(seal.largestAppendTime.millisecondsSince1970),
        ])
        return listing
    }

    /// Far more than such a file has: a limit before memory is taken.
    private static let limit = 1 << 30

    private static func bytes(of path: String, _ disk: any Disk) throws -> [UInt8] {
        let file = try disk.open(path, .read)
        defer { file.close() }
        let size = try file.size()
        guard size <= limit else {
            throw Failure(.unusableData, "\(path) has \(size) bytes; no such file has. Name another.")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        return Array(bytes.prefix(count))
    }

    /// Every slot's valid generations, the older ones too.
    static func syncedEnds(_ path: String, _ disk: any Disk) throws -> Listing {
        let bytes = try bytes(of: path, disk)
        var listing = Listing([
            "byte", "sequence", "topic_id", "partition", "segment_base", "synced_length", "synced_offset",
            "last_append_time",
        ])
        for start in stride(
            from: SyncedEnd.encodedSize, to: bytes.count - SyncedEnd.encodedSize + 1, by: SyncedEnd.encodedSize)
        {
            guard let mark = SyncedEnd(decoding: bytes[start..<(start + SyncedEnd.encodedSize)]) else { continue }
            listing.add([
                .integer(Int64(start)), .integer(Int64(clamping: mark.sequence)), .text("\(mark.topicID)"),
                .integer(Int64(mark.partition)), .integer(mark.segmentBase.rawValue), .integer(mark.syncedLength),
                .integer(mark.syncedOffset.rawValue), .integer(mark.lastAppendTime.millisecondsSince1970),
            ])
        }
        return listing
    }
}
