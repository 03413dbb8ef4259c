import RecordFormat

/// Every batch that stood in the log at some time. A compaction replaces some by smaller ones: readers may be given either.
struct KnownBatches: Sendable {
    private var batches: [TopicPartition: [Int64: Set<[UInt8]>]] = [:]

    mutating func add(_ answers: Answers) {
        for (name, partition) in answers.partitions {
            for (base, bytes) in partition.batches { batches[name, default: [:]][base, default: []].insert(bytes) }
        }
    }

    func contains(_ batch: [UInt8], at base: Int64, of name: TopicPartition) -> Bool {
        batches[name]?[base]?.contains(batch) ?? false
    }

    /// Whose batch it is, if it is one of another partition.
    func owner(of batch: [UInt8], at base: Int64) -> TopicPartition? {
        batches.first { $0.value[base]?.contains(batch) ?? false }?.key
    }

    /// Whether it would be one of them with another leader epoch.
    func containsApartFromEpoch(_ batch: [UInt8], at base: Int64, of name: TopicPartition) -> Bool {
        let epoch = 12..<16
        return batches[name]?[base]?.contains { known in
            known.count == batch.count && known[..<epoch.lowerBound] == batch[..<epoch.lowerBound]
                && known[epoch.upperBound...] == batch[epoch.upperBound...]
        } ?? false
    }
}
