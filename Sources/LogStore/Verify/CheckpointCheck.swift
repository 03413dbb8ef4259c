import RecordFormat

/// The files beside the log that only repeat what it says, or remember a decision: what is wrong with them, and what the next start
/// makes of it.
enum CheckpointCheck {
    /// Those of the whole data folder.
    static func notes(of look: FolderLook, in path: String, disk: any Disk) throws(DiskError) -> [String] {
        var notes: [String] = []
        for name in OffsetCheckpoint.Name.allCases {
            let file = path + "/" + name.rawValue
            guard try disk.kind(of: file) == .file else { continue }
            let bytes = try disk.readable(file, limit: OffsetCheckpoint.sizeLimit)
            guard let checkpoint = bytes.flatMap({ OffsetCheckpoint(decoding: $0) }) else {
                notes.append("\(file) is damaged; it is a cache and the next clean stop writes it anew.")
                continue
            }
            // After any other stop it is older than the log, and may be.
            if look.names.contains(CleanShutdown.fileName) {
                notes += differences(of: checkpoint, name, from: look).map { "\(file) \($0)" }
            }
        }
        let budget = path + "/" + DiskBudgetFile.fileName
        if look.names.contains(DiskBudgetFile.fileName), DiskBudgetFile.read(in: path, on: disk) == nil {
            notes.append("\(budget) is damaged; a start with a share of the disk decides anew, from what is free then.")
        }
        return notes
    }

    /// Where a checkpoint of a clean stop and the marks say different things.
    private static func differences(
        of checkpoint: OffsetCheckpoint, _ name: OffsetCheckpoint.Name, from look: FolderLook
    ) -> [String] {
        look.folders.compactMap { folder in
            guard let topicID = folder.topicID, let mark = look.marks.mark(of: folder.name, topicID: topicID) else {
                return nil
            }
            let marked: Offset
            switch name {
            case .recoveryPoint: marked = mark.syncedOffset
            case .logStart: marked = mark.logStart
            case .cleaner: return nil
            }
            let said = checkpoint.offsets[folder.name]
            if said == marked { return nil }
            let says = said.map { "says \($0)" } ?? "says nothing"
            return
                "\(says) of \(folder.name), \(SyncedEndsFile.fileName) says \(marked): one of them is damaged or older. The next start believes \(SyncedEndsFile.fileName)."
        }
    }

    /// A partition's files against what the log itself says.
    /// - Parameter told: the leader epochs of its batches, from the first that is kept on; `nil` if some are not known.
    static func notes(
        of owner: ProducerStates.Owner, in folder: String, logEnd: Offset, _ told: LeaderEpochs?, _ names: [String],
        disk: any Disk
    ) throws(DiskError) -> [String] {
        var notes: [String] = []
        let epochs = folder + "/" + LeaderEpochs.fileName
        if names.contains(LeaderEpochs.fileName) {
            let bytes = try disk.readable(epochs, limit: LeaderEpochs.sizeLimit)
            if var known = bytes.flatMap({ LeaderEpochs(decoding: $0) }) {
                // What was cut off and what was deleted stays in the file until an epoch begins.
                known.truncate(to: logEnd)
                if let first = told?.entries.first { known.advance(to: first.start) }
                if let told, known != told {
                    notes.append(
                        "\(epochs) differs from the batches; they are believed, and the next append puts it right.")
                }
            } else {
                notes.append(
                    "\(epochs) is damaged; it is a cache and the next append writes it anew, from the batches.")
            }
        } else if let told, !told.entries.isEmpty {
            notes.append("\(epochs) is missing; it is a cache and the next append writes it anew, from the batches.")
        }
        for offset in ProducerSnapshots.offsets(names) {
            let file = folder + "/" + SegmentName.snapshot(offset)
            let bytes = try disk.readable(file, limit: ProducerStates.snapshotSizeLimit)
            if bytes.flatMap({ ProducerStates(decodingSnapshot: $0, of: owner, at: offset) }) == nil {
                notes.append(
                    "\(file) is damaged, or another partition's; the next start takes an older one, and the log.")
            }
        }
        return notes
    }
}
