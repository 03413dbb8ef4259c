internal import LogStore

/// Kafka's `isolation.level`: which records a reader is shown.
public enum IsolationLevel: Sendable {
    /// All below the high watermark, those of open and aborted transactions among them.
    case uncommitted
    /// Those that belong to no transaction or to a committed one, below the last stable offset: in their order, and those of a
    /// transaction in all of its partitions from one moment on.
    case committed

    var isolation: Isolation {
        switch self {
        case .uncommitted: .uncommitted
        case .committed: .committed
        }
    }
}
