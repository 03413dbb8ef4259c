/// How long a topic's records are kept, and in what. Kafka's settings under Kafka's names where they mean the same.
public struct TopicKeeping: Sendable, Equatable {
    /// Kafka's `cleanup.policy`.
    public enum Cleanup: Sendable, Equatable {
        /// Whole segments go by age and size.
        case delete
        /// The newest record of each key stays; records without a key are refused.
        case compact
        case compactAndDelete

        /// Segments go by ``TopicKeeping/Retention``.
        public var deletes: Bool { self != .compact }
        /// Replaced records go by ``TopicKeeping/Compaction``.
        public var compacts: Bool { self != .delete }
    }

    /// In force while ``cleanup`` deletes.
    public struct Retention: Sendable, Equatable {
        /// `retention.ms`: by the broker's append time, counted while the broker runs. 0 or more; `nil`: no limit.
        public var age: Duration? = .seconds(7 * 86_400)
        /// `retention.bytes` of each partition: whole segments go, oldest first, while at least as much stays. 0 or more; `nil`: no
        /// limit.
        public var bytes: Int64?
        public init() {}
    }

    /// In force while ``cleanup`` compacts.
    public struct Compaction: Sendable, Equatable {
        /// `min.compaction.lag.ms`: a record stays at least that long. 0 or more.
        public var minimumLag: Duration = .zero
        /// `max.compaction.lag.ms`: a replaced record goes at the latest then. 1 ms or more; `nil`: only by the ratio below.
        public var maximumLag: Duration?
        /// `delete.retention.ms`: a tombstone stays at least that long after the first pass over it. 0 or more.
        public var tombstones: Duration = .seconds(86_400)
        /// `min.cleanable.dirty.ratio`: which part of a partition must be uncompacted before it is compacted again, 0…1.
        public var dirtyRatio = 0.5
        public init() {}
    }

    /// The files in which a partition is kept, and which go as a whole.
    public struct Segments: Sendable, Equatable {
        /// `segment.bytes`: 1 KiB to 2 GiB; `nil`: what the broker is configured with.
        public var bytes: Int?
        /// `segment.ms`: a segment that is older is closed with the next append. 1 ms or more.
        public var age: Duration = .seconds(7 * 86_400)
        /// `segment.index.bytes`: 1 KiB to 1 GiB.
        public var indexBytes = 10 << 20
        public init() {}

        static let byteRange = 1024...Int(Int32.max)
        static let indexByteRange = 1024...(1 << 30)
    }

    /// What becomes of the topic when all topics together reach the disk budget.
    public struct DiskShare: Sendable, Equatable {
        /// Whether what is new or what is old gives way.
        public enum WhenFull: Sendable, Equatable {
            /// Appends are refused. Records that a downstream still waits for, or that nobody is known to have read, never give way.
            case block
            /// The oldest records give way, read or not; each loss is counted and recorded in `__gaps`.
            case drop
        }
        /// `disk.priority`, 0…9: topics of a lower one lose unread records first.
        public var priority: UInt8 = 5
        /// `disk.floor.bytes`: as much of the topic never gives way. 0 or more.
        public var floorBytes: Int64 = 0
        /// `disk.full`.
        public var whenFull: WhenFull = .drop
        public init() {}

        static let priorities: ClosedRange<UInt8> = 0...9
    }

    /// By age and size, unless set.
    public var cleanup = Cleanup.delete
    /// Seven days, unless set.
    public var retention = Retention()
    /// When replaced records and tombstones go.
    public var compaction = Compaction()
    /// When a segment is closed.
    public var segments = Segments()
    /// What becomes of the topic when the disk budget is reached.
    public var disk = DiskShare()

    public init() {}

    /// What a captured table's topic begins with: everything is kept until the disk budget needs room, and then goes only what
    /// every flow has had.
    static let captured: TopicKeeping = {
        var keeping = TopicKeeping()
        keeping.retention.age = nil
        keeping.disk.whenFull = .block
        return keeping
    }()
}
