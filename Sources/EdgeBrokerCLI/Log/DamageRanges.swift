import RecordFormat

/// Which acknowledged records a log's damage explains the loss of.
struct DamageRanges {
    private var ranges: [TopicPartition: [Range<Offset>]] = [:]
    /// Damage above all partitions, such as a missing folder, explains whatever is not there.
    private let isGeneral: Bool

    /// - Parameter damages: files, of which those of a partition lie in `directory/topic-partition/`.
    init(_ damages: [(file: String, offsets: Range<Offset>)], in directory: String) {
        var isGeneral = false
        for damage in damages {
            let parts = damage.file.dropFirst(directory.count).split(separator: "/")
            if parts.count == 2, let partition = Self.partition(String(parts[0])) {
                ranges[partition, default: []].append(damage.offsets)
            } else {
                isGeneral = true
            }
        }
        self.isGeneral = isGeneral
    }

    func explains(_ loss: AcknowledgementCheck.Loss) -> Bool {
        let record = loss.acknowledgement
        if isGeneral { return !loss.isDifferent }
        return ranges[record.partition]?.contains { $0.contains(Offset(record.offset)) } ?? false
    }

    /// Kafka's name of a partition's folder.
    private static func partition(_ folder: String) -> TopicPartition? {
        guard let dash = folder.lastIndex(of: "-"), let number = Int32(folder[folder.index(after: dash)...]),
            number >= 0
        else { return nil }
        return TopicPartition(topic: String(folder[..<dash]), partition: number)
    }
}
