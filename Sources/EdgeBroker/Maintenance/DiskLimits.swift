import LogStore

/// The disk limit of a configuration on a disk.
struct DiskLimits {
    private static let usualReserve: Int64 = 64_000_000

    let reserve: Int64
    var isShare: Bool { configuration.diskLimit == .shareOfFree }
    private let configuration: BrokerConfiguration
    private let remembered: DiskBudget?

    /// Before the log is open: the folder may not be there yet. Blocking.
    /// - Throws: `.invalidConfiguration`.
    init(_ configuration: BrokerConfiguration, _ disk: any Disk) throws(BrokerError) {
        self.configuration = configuration
        if case .bytes(let bytes) = configuration.diskLimit, bytes < 1 {
            throw Self.invalid("A disk budget of \(bytes) bytes holds nothing.")
        }
        if let reserve = configuration.diskReserve, reserve < 0 {
            throw Self.invalid("A reserve of \(reserve) bytes cannot be.")
        }
        guard configuration.isMaintained, configuration.diskLimit != .none else {
            remembered = nil
            reserve = 0
            return
        }
        remembered = DiskBudgetFile.read(in: configuration.dataDirectory, on: disk)
        reserve =
            configuration.diskReserve ?? remembered?.reserve
            ?? min(Self.usualReserve, Self.free(at: configuration.dataDirectory, disk) / 20)
    }

    private static func invalid(_ message: String) -> BrokerError {
        BrokerError(.invalidConfiguration, message, remedy: "Correct the section \"disk\" of the configuration.")
    }

    /// Of the first folder on the way up that is there.
    private static func free(at path: String, _ disk: any Disk) -> Int64 {
        var path = path
        while true {
            if let free = try? disk.freeBytes(at: path) { return free }
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                return (try? disk.freeBytes(at: path.hasPrefix("/") ? "/" : ".")) ?? 0
            }
            path = String(path[..<slash])
        }
    }

    /// Once the log is open. A share of the disk is remembered with the first call. Blocking.
    ///
    /// - Parameter used: by the log.
    /// - Returns: `nil` without a limit.
    func budget(used: Int64, on disk: any Disk) throws(DiskError) -> DiskBudget? {
        if !configuration.isMaintained { return nil }
        switch configuration.diskLimit {
        case .none: return nil
        case .bytes(let bytes): return DiskBudget(bytes: bytes, reserve: reserve)
        case .shareOfFree:
            if let remembered { return DiskBudget(bytes: remembered.bytes, reserve: reserve) }
            let free = try disk.freeBytes(at: configuration.dataDirectory)
            let budget = DiskBudget(bytes: DiskBudget.share(ofFree: free, used: used), reserve: reserve)
            do throws(DiskError) {
                try DiskBudgetFile.write(budget, in: configuration.dataDirectory, on: disk)
            } catch {
                // A disk that is full already must not keep the log from opening; the next start decides anew.
                if !error.isNoSpace { throw error }
            }
            return budget
        }
    }
}
