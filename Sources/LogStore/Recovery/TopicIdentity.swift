import RecordFormat

/// Which topic a partition's folder belongs to. `partition.metadata` says so, and where that is damaged, missing or another
/// folder's, the seals and the durable marks do.
struct TopicIdentity {
    let disk: any Disk
    let path: String
    let name: TopicPartition
    let marks: SyncedEndsFile?

    struct Found: Equatable {
        let topicID: Identifier
        /// What was wrong with the file, if it says something else.
        var correction: String?
    }

    /// - Returns: `nil` if nothing tells.
    func find() throws(DiskError) -> Found? {
        let bytes = try disk.readable(file, limit: 4096)
        let written = bytes.flatMap { PartitionMetadata(decoding: $0) }?.topicID
        let names = try disk.list(path)
        if let written, let mark = marks?.mark(topicID: written, partition: name.partition),
            try isOwn(mark, names)
        {
            return Found(topicID: written)
        }
        // It was never marked, or the mark is another folder's.
        let sealed = try sealedIDs(names)
        if let written, sealed.contains(written) { return Found(topicID: written) }
        if sealed.count == 1, let id = sealed.first { return corrected(id, written, "from a seal") }
        guard sealed.isEmpty else { return written.map { Found(topicID: $0) } }
        var fitting: [Identifier] = []
        for mark in marks?.marks ?? []
        where mark.partition == name.partition && mark.topicID != written {
            if try fits(mark, names) == true { fitting.append(mark.topicID) }
        }
        if fitting.count == 1 { return corrected(fitting[0], written, "from \(SyncedEndsFile.fileName)") }
        return written.map { Found(topicID: $0) }
    }

    var file: String { path + "/" + PartitionMetadata.fileName }

    private func corrected(_ id: Identifier, _ written: Identifier?, _ source: String) -> Found {
        let what = written.map { "named another topic, \($0)," } ?? "was missing or damaged"
        return Found(topicID: id, correction: "\(file) \(what) and is written anew \(source).")
    }

    private func isOwn(_ mark: SyncedEnd, _ names: [String]) throws(DiskError) -> Bool {
        // Where it has the folder's name, a log that does not fit it is damaged, and not another folder's.
        if let isNamed = mark.isOf(topic: name.topic) { return isNamed }
        return try fits(mark, names) != false
    }

    /// Whether a mark is of this folder's files; `nil` if it says too little.
    private func fits(_ mark: SyncedEnd, _ names: [String]) throws(DiskError) -> Bool? {
        let log = SegmentName.log(mark.segmentBase)
        guard names.contains(log) else { return names.contains { $0.hasSuffix(".log") } ? false : nil }
        guard mark.fingerprint != nil else { return nil }
        let file = try disk.open(path + "/" + log, .read)
        defer { file.close() }
        let size = try file.size()
        if try mark.end.isForeign(to: file, size: size) { return false }
        return try mark.end.beginsAlike(file, size: size) ? true : nil
    }

    private func sealedIDs(_ names: [String]) throws(DiskError) -> Set<Identifier> {
        var ids: Set<Identifier> = []
        for seal in names.sorted() where SegmentName.base(of: seal, suffix: ".seal") != nil {
            if let bytes = try disk.readable(path + "/" + seal, limit: 4096), let seal = SegmentSeal(decoding: bytes),
                seal.partition == name.partition
            {
                ids.insert(seal.topicID)
            }
        }
        return ids
    }
}

extension TopicIdentity {
    /// A folder of which nothing tells whose it is takes the one mark that may be of it and that no other folder has. Without
    /// one it is damage, if it holds something; if not, its creation was cut short.
    static func byElimination(
        _ folders: [LogDirectory.IdentifiedFolder], _ marks: SyncedEndsFile?, disk: any Disk,
        _ report: inout RecoveryReport
    ) throws(DiskError) -> [LogDirectory.IdentifiedFolder] {
        let claimed = Set(
            folders.compactMap { folder in
                folder.topicID.map { SyncedEndsFile.Key(topicID: $0, partition: folder.name.partition) }
            })
        let free = (marks?.marks ?? []).filter {
            !claimed.contains(SyncedEndsFile.Key(topicID: $0.topicID, partition: $0.partition))
        }
        var known: [LogDirectory.IdentifiedFolder] = []
        for var folder in folders {
            if folder.topicID == nil {
                let identity = TopicIdentity(disk: disk, path: folder.path, name: folder.name, marks: marks)
                folder.topicID = try identity.only(of: free)
                if folder.topicID == nil {
                    report.damages += try identity.unidentified()
                } else {
                    report.notes.append(
                        "\(identity.file) was missing or damaged; \(SyncedEndsFile.fileName) has one topic that it can be."
                    )
                }
            }
            if folder.topicID != nil { known.append(folder) }
        }
        return known
    }

    private func only(of marks: [SyncedEnd]) throws(DiskError) -> Identifier? {
        let names = try disk.list(path)
        var candidates: [Identifier] = []
        for mark in marks where mark.partition == name.partition && names.contains(SegmentName.log(mark.segmentBase)) {
            if try fits(mark, names) != false { candidates.append(mark.topicID) }
        }
        return candidates.count == 1 ? candidates[0] : nil
    }

    private func unidentified() throws(DiskError) -> [RecoveryReport.Damage] {
        var held: Range<Offset>?
        for log in try disk.list(path).sorted() {
            guard let base = SegmentName.base(of: log, suffix: ".log") else { continue }
            let file = try disk.open(path + "/" + log, .read)
            defer { file.close() }
            let size = try file.size()
            if size == 0 { continue }
            var walk = SegmentWalk(file, base: base, size: size, next: .unknownEnd)
            try walk.run()
            held = (held?.lowerBound ?? base)..<max(walk.end.nextOffset, base.advanced(by: 1))
        }
        guard let held else { return [] }
        return [
            RecoveryReport.Damage(
                partition: name, file: file, offsets: held, byte: 0,
                cause: "missing or damaged, and nothing else tells the topic: nothing of \(name) is served")
        ]
    }
}
