import RecordFormat

/// Kafka's checkpoint files in the data folder, which are caches.
enum CheckpointCheck {
    static func notes(in path: String, disk: any Disk) throws(DiskError) -> [String] {
        var notes: [String] = []
        for name in OffsetCheckpoint.Name.allCases {
            let file = path + "/" + name.rawValue
            guard try disk.kind(of: file) == .file else { continue }
            let bytes = try disk.readable(file, limit: OffsetCheckpoint.sizeLimit)
            if bytes.flatMap({ OffsetCheckpoint(decoding: $0) }) == nil {
                notes.append("\(file) is damaged; it is a cache and is written anew.")
            }
        }
        return notes
    }

    /// A partition's checkpoints against what the log itself says.
    static func notes(
        of name: TopicPartition, in folder: String, logEnd: Offset, _ names: [String], disk: any Disk
    ) throws(DiskError) -> [String] {
        var notes: [String] = []
        let epochs = folder + "/" + LeaderEpochs.fileName
        if names.contains(LeaderEpochs.fileName) {
            let bytes = try disk.readable(epochs, limit: LeaderEpochs.sizeLimit)
            let known = bytes.flatMap { LeaderEpochs(decoding: $0) }
            if known == nil {
                notes.append("\(epochs) is damaged; it is a cache and is written anew.")
            } else if let last = known?.entries.last, last.start > logEnd {
                notes.append("\(epochs) speaks of offset \(last.start), the log ends at \(logEnd).")
            }
        }
        for offset in ProducerSnapshots.offsets(names) {
            let file = folder + "/" + SegmentName.snapshot(offset)
            let bytes = try disk.readable(file, limit: ProducerStates.snapshotSizeLimit)
            if bytes.flatMap({ ProducerStates(decodingSnapshot: $0, at: offset) }) == nil {
                notes.append("\(file) is damaged; an older one and the log tell the same.")
            }
        }
        return notes
    }
}
