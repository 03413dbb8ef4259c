import EdgeBroker

/// How the records of a topic are kept, as far as it matters to what must be there.
struct Keeping {
    enum Kind: CaseIterable { case everything, buffered, byAge, bySize, compacted, captured }

    let kind: Kind
    var age: Duration = .seconds(30)
    var bytes: Int64 = 3000
    var tombstones: Duration = .seconds(40)

    var isBuffered: Bool { kind == .buffered }
    var isCompacted: Bool { kind == .compacted }

    init(_ kind: Kind) { self.kind = kind }

    /// Whether retention may take a batch.
    /// - Parameter bytesLeft: of what stays.
    func mayGo(_ batch: PartitionLedger.Batch, now: Duration, bytesLeft: Int) -> Bool {
        switch kind {
        case .byAge: now - batch.appended > age
        case .bySize: bytesLeft >= Int(bytes)
        case .everything, .buffered, .compacted, .captured: false
        }
    }

    /// What a topic is created with.
    func configuration(partitions: Int32, segmentBytes: Int) -> TopicConfiguration {
        var configuration = TopicConfiguration(partitionCount: partitions)
        configuration.keeping.retention.age = nil
        configuration.keeping.segments.bytes = segmentBytes
        switch kind {
        case .everything, .captured: break
        case .buffered: configuration.durability = .buffered(syncEvery: .milliseconds(200))
        case .byAge: configuration.keeping.retention.age = age
        case .bySize: configuration.keeping.retention.bytes = bytes
        case .compacted:
            configuration.keeping.cleanup = .compact
            configuration.keeping.compaction.tombstones = tombstones
            configuration.keeping.compaction.dirtyRatio = 0.01
        }
        return configuration
    }
}
