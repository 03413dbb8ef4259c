package import LogStore
public import Metrics

/// What can be set about a broker. Every default suits an unattended plant server.
public struct BrokerConfiguration: Sendable {
    /// How much of the disk all topics together may take.
    public enum DiskLimit: Sendable, Equatable {
        /// Four fifths of what was free when the log was first opened with this setting, which the folder remembers; more, if others
        /// give up room later.
        case shareOfFree
        /// 1 or more.
        case bytes(Int64)
        /// As much as there is. Appends are refused when the disk itself is full.
        case none
    }

    /// The folder with everything the broker keeps. It is created if it is not there; only one broker may have it open.
    public var dataDirectory: String
    /// Size in bytes at which a segment is closed and the next one begun: 1 KiB or more, 64 MiB by default.
    public var segmentBytes = 64 << 20
    /// How much of the disk all topics together may take; 80 % of what is free by default.
    public var diskLimit = DiskLimit.shareOfFree
    /// Bytes kept back in a file, so that the broker's own topics go on when the disk is full; 0 or more. `nil`: 64 MB, on a small
    /// disk a twentieth of what was free at first. Without a disk limit there is none.
    public var diskReserve: Int64?
    /// Retention, the disk limit and compaction are seen to while the broker is open. Not for a look at a log that another process
    /// runs by its own configuration at other times.
    public var isMaintained = true
    /// Where metrics go: docs/metrics.md. `nil`: to what the program has bootstrapped as swift-metrics' backend.
    public var metrics: (any MetricsFactory)?
    /// Hears what whoever runs the broker should know, on any thread, from ``Broker/open(_:logger:)`` on. `nil`: it is logged at `info`.
    public var onEvent: (@Sendable (BrokerEvent) -> Void)?
    /// Consumer groups.
    public var groups = GroupSettings()
    /// Hears how far opening has come, on any thread.
    package var onRecoveryProgress: RecoveryProgress.Listener?

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }
}
