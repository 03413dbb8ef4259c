import RecordFormat

/// The folder of a deleted partition: its files are of nobody any more and are removed when there is time.
///
/// It is called as Kafka calls one, `<topic>-<partition>.<32 hexadecimal digits>-delete`, the topic cut where the name would exceed 255
/// bytes. The digits are the topic's id, so the name alone says whose durable mark goes with it.
struct DeletedFolder: Sendable, Equatable {
    private static let suffix = "-delete"
    private static let longestName = 255

    let key: SyncedEndsFile.Key
    let path: String
    /// Where it still is, if it was not renamed for certain yet.
    var origin: String?

    /// What becomes of a partition's folder.
    init(_ partition: Partition, in folder: String) {
        key = SyncedEndsFile.Key(topicID: partition.topicID, partition: partition.topicPartition.partition)
        let digits = partition.topicID.bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let end = "-\(key.partition).\(digits)\(Self.suffix)"
        // Topic names are ASCII.
        path = "\(folder)/\(partition.topicPartition.topic.prefix(Self.longestName - end.utf8.count))\(end)"
        origin = partition.path
    }

    /// - Returns: `nil` if this is no such folder's name.
    init?(named name: String, in folder: String) {
        guard name.hasSuffix(Self.suffix) else { return nil }
        let rest = name.dropLast(Self.suffix.count)
        guard let dot = rest.lastIndex(of: "."), let id = Self.identifier(rest[rest.index(after: dot)...]),
            let dash = rest[..<dot].lastIndex(of: "-"),
            let partition = Int32(rest[rest.index(after: dash)..<dot]), partition >= 0
        else { return nil }
        key = SyncedEndsFile.Key(topicID: id, partition: partition)
        path = folder + "/" + name
        origin = nil
    }

    private static func identifier(_ text: Substring) -> Identifier? {
        let digits = text.compactMap(\.hexDigitValue)
        guard text.utf8.count == 32, digits.count == 32 else { return nil }
        return Identifier(stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    static func among(_ names: [String], in folder: String, on disk: any Disk) throws(DiskError) -> [DeletedFolder] {
        var found: [DeletedFolder] = []
        for name in names.sorted() {
            guard let deleted = DeletedFolder(named: name, in: folder) else { continue }
            if try disk.kind(of: deleted.path) == .directory { found.append(deleted) }
        }
        return found
    }

    /// Removes at most `limit` of its files, and the folder itself once it is empty.
    /// - Returns: how many calls that took; fewer than `limit` if nothing is left.
    func remove(upTo limit: Int, on disk: any Disk) throws(DiskError) -> Int {
        if try disk.kind(of: path) == .absent { return 0 }
        let names = try disk.list(path)
        for name in names.prefix(limit) { try disk.remove(path + "/" + name) }
        if names.count >= limit { return limit }
        try disk.remove(path)
        return names.count + 1
    }
}
