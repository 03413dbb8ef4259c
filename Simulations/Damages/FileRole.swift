/// What a file of a data folder is there for. docs/on-disk.md lists them all; a log counts by who reads it.
enum FileRole: String, CaseIterable {
    case activeLog = "*.log, active"
    case closedLog = "*.log, closed"
    case compactedLog = "*.log, compacted"
    case capturedLog = "*.log, captured"
    case transactionIndex = "*.log, transaction index"
    case catalogue = "*.log, catalogue"
    case committedOffsets = "*.log, committed offsets"
    case seal = "*.seal"
    case offsetIndex = "*.index"
    case timeIndex = "*.timeindex"
    case abortedTransactions = "*.txnindex"
    case producers = "*.snapshot"
    case gap = "*.gap"
    case torn = "*.torn"
    case replacedLog = "*.log.swap"
    case replacedSeal = "*.seal.swap"
    case unfinished = "*.log.cleaned, *.tmp"
    case partitionMetadata = "partition.metadata"
    case leaderEpochs = "leader-epoch-checkpoint"
    case metaProperties = "meta.properties"
    case syncedEnds = "synced-ends"
    case logStarts = "log-start-offset-checkpoint"
    case recoveryPoints = "recovery-point-offset-checkpoint"
    case cleanShutdown = ".kafka_cleanshutdown"
    case diskBudget = "disk-budget"
    case reserve = "reserve"
    case lock = ".lock"
    case setAside = "set-aside/…"

    /// - Parameter isActive: whether a log is its partition's last.
    init?(_ path: String, isActive: Bool) {
        let parts = path.split(separator: "/")
        guard let name = parts.last else { return nil }
        if parts.contains("set-aside") {
            self = .setAside
        } else if let known = Self.allCases.first(where: { $0.rawValue == name }) {
            self = known
        } else if name.hasSuffix(".log") {
            self = Self.log(in: parts[parts.count - 2], isActive: isActive)
        } else if name.hasSuffix(".log.cleaned") || name.hasSuffix(".tmp") {
            self = .unfinished
        } else if let known = Self.allCases.first(where: { name.hasSuffix($0.rawValue.dropFirst()) }) {
            self = known
        } else {
            return nil
        }
    }

    private static func log(in folder: Substring, isActive: Bool) -> FileRole {
        switch folder {
        case "__catalogue-0": .catalogue
        case "__consumer_offsets-0": .committedOffsets
        case _ where folder.hasPrefix("__transactions."): .transactionIndex
        case _ where folder.hasPrefix("erp."): .capturedLog
        case _ where folder.hasPrefix("states-"): .compactedLog
        default: isActive ? .activeLog : .closedLog
        }
    }

    var isLog: Bool { rawValue.hasPrefix("*.log,") && self != .unfinished }

    /// How often it is drawn: logs hold nearly all of what is on a disk.
    var weight: Int { isLog || self == .syncedEnds ? 3 : 1 }
}
