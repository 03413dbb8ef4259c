import RecordFormat

/// What a folder says of how far its partitions were synced: `synced-ends`, and beside it Kafka's checkpoints for partitions
/// whose mark is lost.
struct FoundMarks: Sendable {
    let file: SyncedEndsFile?
    var marks: PartitionRecovery.Marks
    private let logStarts: OffsetCheckpoint
    private let recoveryPoints: OffsetCheckpoint

    /// - Parameters:
    ///   - file: `nil` if it is lost.
    ///   - isClean: there is a marker of a clean stop.
    init(_ file: SyncedEndsFile?, isClean: Bool, in path: String, on disk: any Disk) throws(DiskError) {
        self.file = file
        marks = PartitionRecovery.Marks()
        marks.areWhole = file != nil
        marks.areOfCleanStop = isClean && file != nil
        marks.mayBeLost = file.map { $0.damagedSlots > 0 } ?? true
        if marks.mayBeLost {
            logStarts = try Self.checkpoint(.logStart, in: path, on: disk)
            recoveryPoints = try Self.checkpoint(.recoveryPoint, in: path, on: disk)
        } else {
            logStarts = OffsetCheckpoint()
            recoveryPoints = OffsetCheckpoint()
        }
    }

    private static func checkpoint(
        _ name: OffsetCheckpoint.Name, in path: String, on disk: any Disk
    ) throws(DiskError) -> OffsetCheckpoint {
        let bytes = try disk.readable(path + "/" + name.rawValue, limit: OffsetCheckpoint.sizeLimit)
        return bytes.flatMap { OffsetCheckpoint(decoding: $0) } ?? OffsetCheckpoint()
    }

    func mark(of name: TopicPartition, topicID: Identifier) -> SyncedEnd? {
        file?.mark(topicID: topicID, partition: name.partition)
    }

    func marks(of name: TopicPartition) -> PartitionRecovery.Marks {
        var marks = marks
        marks.checkpointed.logStart = logStarts.offsets[name]
        marks.checkpointed.recoveryPoint = recoveryPoints.offsets[name]
        return marks
    }

    /// What is wrong with the file, for a person.
    func notes(in path: String) -> [String] {
        let name = path + "/" + SyncedEndsFile.fileName
        guard let file else {
            return ["\(name) was missing or damaged: rot in the newest segments may pass for torn tails."]
        }
        var notes: [String] = []
        if file.isHeaderDamaged {
            notes.append("\(name) had a damaged header and is written anew; its marks are good.")
        }
        if file.damagedSlots > 0 {
            notes.append(
                "\(name) has \(file.damagedSlots) slots without a good mark: torn by a power cut, or damaged.")
        }
        return notes
    }
}
