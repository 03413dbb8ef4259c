import RecordFormat

/// A topic as a command shows it.
struct TopicView: Sendable, Equatable {
    let name: String
    /// `nil`: the place does not tell.
    var id: String?
    /// The replication slot whose capture writes it; `nil`: none, or the place does not tell.
    var owner: String?
    /// By number.
    var partitions: [PartitionView]
    /// Every setting; empty in a list of topics.
    var settings: [SettingView] = []

    var readableRecords: Int64 {
        partitions.reduce(0) { $0 + $1.highWatermark.rawValue - $1.logStart.rawValue }
    }

    /// `nil`: not every partition's is known.
    var sizeInBytes: Int64? {
        partitions.reduce(Int64?(0)) { sum, partition in
            if let sum, let size = partition.sizeInBytes { sum + size } else { nil }
        }
    }

    subscript(setting key: String) -> String? { settings.first { $0.key == key }?.value }

    /// - Throws: a `Failure` that names the partitions there are.
    func partition(_ index: Int32) throws -> PartitionView {
        if let found = partitions.first(where: { $0.index == index }) { return found }
        throw Failure(.notFound, "Topic \(name) has no partition \(index), only 0 to \(partitions.count - 1).")
    }

    var names: [TopicPartition] { partitions.map { TopicPartition(topic: name, partition: $0.index) } }
}

/// A partition as a command shows it.
struct PartitionView: Sendable, Equatable {
    let index: Int32
    /// The oldest offset kept.
    let logStart: Offset
    /// The first offset that consumers may not read yet.
    let highWatermark: Offset
    /// The next offset to be given out; `nil`: the place does not tell.
    var logEnd: Offset?
    var sizeInBytes: Int64?
    /// Which servers have it; `nil` in a folder.
    var replicas: PartitionReplicas?
}

/// Which servers have a partition, by their numbers.
struct PartitionReplicas: Sendable, Equatable {
    let leader: Int32?
    let all: [Int32]
    let inSync: [Int32]
}

/// A setting of a topic as a command shows it.
struct SettingView: Sendable, Equatable {
    let key: String
    let value: String
    let isDefault: Bool
    /// It cannot be changed.
    let isFixed: Bool
}
