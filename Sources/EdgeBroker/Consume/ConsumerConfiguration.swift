/// How a consumer reads and, in a group, how its group knows that it lives. The defaults are Kafka's where there are such.
public struct ConsumerConfiguration: Sendable {
    /// What becomes of a position whose records are gone: deleted for age or room, damaged, or lost with a buffered topic's last second.
    public enum LostRecords: Sendable, Equatable {
        /// ``ConsumerBatches`` throws `.offsetOutOfRange` or `.corrupt`; ``Consumer/seek(_:to:)`` to ``BrokerError/nextReadable`` goes on.
        case fail
        /// Go on with the next good record; ``ConsumerBatch/lost`` says what is missing.
        case skip
    }

    /// How a group's members divide the partitions: the first of these that every member knows.
    public enum Assignor: Sendable, Equatable, CaseIterable {
        case range
        case roundRobin
        case sticky
        /// Members keep what they have while a few partitions move. In force only where it is the only one a member offers.
        case cooperativeSticky
    }

    /// About how many bytes of the log a batch is read from: 1 or more. At least one record batch is read.
    public var batchBytes = 1 << 20
    /// What becomes of a position whose records are gone.
    public var lostRecords = LostRecords.fail
    /// Whether records of transactions that are open or were aborted are handed out.
    public var isolation = IsolationLevel.committed
    /// In the order of preference; a group uses one that all members know.
    public var assignors: [Assignor] = [.range, .cooperativeSticky]
    /// How long a member that has stopped, with its process or its thread, keeps its partitions: 6 s to 30 min.
    public var sessionTimeout = Duration.seconds(45)
    /// How long the work on one batch may take before the others get the member's partitions: 1 s or more.
    public var mostTimePerBatch = Duration.seconds(300)
    /// Makes the member a static one (KIP-345): it keeps its partitions while it restarts within the session timeout. One member of a
    /// group may have it: of two the one that came last has it, and the other's batches end with `.fenced`.
    public var instanceID: String?
    /// What `group describe` shows of the member.
    public var clientID = "edgebroker"

    public init() {}
}
