import LogStore
import RecordFormat

/// The files beside the segments.
enum SmallFileDump {
    /// - Parameter name: the last part of `path`.
    /// - Returns: `nil` if a file of that name is not one of a log.
    /// - Throws: ``Failure`` if the file is damaged.
    static func listing(_ path: String, _ name: String, _ disk: any Disk) throws -> Listing? {
        let suffix = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
        switch (name, suffix) {
        case (_, ".seal"): return try seal(path, disk)
        case (_, ".gap"): return try gap(path, disk)
        case (SyncedEndsFile.fileName, _): return try syncedEnds(path, disk)
        case (_, ".index"): return try KafkaFileDump.offsetIndex(bytes(of: path, disk), try base(name))
        case (_, ".timeindex"): return try KafkaFileDump.timeIndex(bytes(of: path, disk), try base(name))
        case (_, ".txnindex"): return try KafkaFileDump.abortedTransactions(bytes(of: path, disk), try base(name))
        case (_, ".snapshot"): return try KafkaFileDump.snapshot(bytes(of: path, disk), try base(name), path)
        case (LeaderEpochs.fileName, _): return try KafkaFileDump.epochs(bytes(of: path, disk), path)
        case (PartitionMetadata.fileName, _): return try KafkaFileDump.partition(bytes(of: path, disk), path)
        case (MetaProperties.fileName, _): return try KafkaFileDump.properties(bytes(of: path, disk))
        default:
            guard OffsetCheckpoint.Name(rawValue: name) != nil else { return nil }
            return try KafkaFileDump.offsets(bytes(of: path, disk), path)
        }
    }

    /// The offset that names a file of a segment.
    private static func base(_ name: String) throws(Failure) -> Offset {
        let suffix = name.firstIndex(of: ".").map { String(name[$0...]) } ?? ""
        guard let base = SegmentName.base(of: name, suffix: suffix) else {
            throw Failure(.usage, "\(name) does not begin with the twenty digits of a base offset. Name a log's file.")
        }
        return base
    }

    private static func seal(_ path: String, _ disk: any Disk) throws -> Listing {
        guard let seal = SegmentSeal(decoding: try bytes(of: path, disk)) else {
            throw Failure(
                .unusableData, "\(path) is damaged or no seal. The next verification reads the segment without it.")
        }
        var listing = Listing([
            "topic_id", "partition", "base_offset", "next_offset", "log_size", "log_crc", "smallest_append_time",
            "largest_append_time", "largest_timestamp", "index_crc", "has_producers", "first_batch_crc",
            "last_batch_crc", "last_batch_size",
        ])
        listing.add(
            [
                .text("\(seal.topicID)"), .integer(Int64(seal.partition)), .integer(seal.baseOffset.rawValue),
                .integer(seal.nextOffset.rawValue), .integer(seal.logSize), .integer(Int64(seal.logChecksum)),
                .integer(seal.smallestAppendTime.millisecondsSince1970),
                .integer(seal.largestAppendTime.millisecondsSince1970),
                seal.indexes?.largestTimestamp.map { .integer($0.millisecondsSince1970) } ?? .null,
                seal.indexes.map { .integer(Int64($0.checksum)) } ?? .null,
                seal.indexes.map { .boolean($0.hasProducers) } ?? .null,
            ] + fingerprint(seal.fingerprint))
        return listing
    }

    private static func fingerprint(_ fingerprint: SegmentFingerprint?) -> [JSONValue] {
        guard let fingerprint else { return [.null, .null, .null] }
        return [
            .integer(Int64(fingerprint.firstBatch)), .integer(Int64(fingerprint.lastBatch)),
            .integer(Int64(fingerprint.lastSize)),
        ]
    }

    private static func gap(_ path: String, _ disk: any Disk) throws -> Listing {
        guard let gap = KnownGap(decoding: try bytes(of: path, disk)) else {
            throw Failure(
                .unusableData, "\(path) is damaged. Its offsets count as lost without a reason; repair again.")
        }
        var listing = Listing(["topic_id", "partition", "first_offset", "last_offset", "time", "cause"])
        listing.add([
            .text("\(gap.topicID)"), .integer(Int64(gap.partition)), .integer(gap.offsets.lowerBound.rawValue),
            .integer(gap.offsets.upperBound.rawValue - 1), .integer(gap.time.millisecondsSince1970), .text(gap.cause),
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
    private static func syncedEnds(_ path: String, _ disk: any Disk) throws -> Listing {
        let bytes = try bytes(of: path, disk)
        var listing = Listing([
            "byte", "sequence", "topic_id", "partition", "segment_base", "synced_length", "synced_offset", "log_crc",
            "last_append_time", "leader_epoch", "log_start", "first_append_time", "first_batch_crc", "last_batch_crc",
            "last_batch_size", "topic_name_crc",
        ])
        for start in stride(
            from: SyncedEnd.encodedSize, to: bytes.count - SyncedEnd.encodedSize + 1, by: SyncedEnd.encodedSize)
        {
            guard let mark = SyncedEnd(decoding: bytes[start..<(start + SyncedEnd.encodedSize)]) else { continue }
            listing.add(
                [
                    .integer(Int64(start)), .integer(Int64(clamping: mark.sequence)), .text("\(mark.topicID)"),
                    .integer(Int64(mark.partition)), .integer(mark.segmentBase.rawValue), .integer(mark.syncedLength),
                    .integer(mark.syncedOffset.rawValue), .integer(Int64(mark.logChecksum)),
                    .integer(mark.lastAppendTime.millisecondsSince1970), .integer(Int64(mark.leaderEpoch)),
                    .integer(mark.logStart.rawValue), .integer(mark.firstAppendTime.millisecondsSince1970),
                ] + fingerprint(mark.fingerprint) + [mark.topicChecksum.map { .integer(Int64($0)) } ?? .null])
        }
        return listing
    }
}
