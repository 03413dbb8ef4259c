import RecordFormat

/// What a compaction has left in a partition's folder when it was interrupted.
///
/// A segment `B` replaces itself and perhaps its neighbours up to offset `N` in this order; each line is durable before the next
/// one begins:
///
/// | step                                                   | after a power cut here                                             |
/// |:-------------------------------------------------------|:-------------------------------------------------------------------|
/// | `B.log.cleaned` is written and synced                  | removed: nothing was replaced                                      |
/// | it is renamed to `B.log.swap`                          | removed: there is no `B.seal.swap`                                 |
/// | `B.seal.swap` appears, whole                           | the replacement counts, and what follows is done by the next start |
/// | `B.log.swap` becomes `B.log`                           | the same; the old `B.seal` does not fit, and is not looked at      |
/// | indexes of `B` go, and every file of `B + 1` … `N - 1` | the same                                                           |
/// | `B.seal.swap` becomes `B.seal`                         | done                                                               |
///
/// So a log never stands beside a seal that is believed and does not fit it.
struct InterruptedCompaction {
    /// A replacement that counts.
    struct Swap: Equatable {
        let seal: SegmentSeal
        /// The log has its name already.
        let hasLog: Bool

        var base: Offset { seal.baseOffset }
        /// What is replaced beside the segment of the same name.
        func replaces(_ other: Offset) -> Bool { other > base && other < seal.nextOffset }
    }

    private(set) var swaps: [Swap] = []
    /// Names that mean nothing any more.
    private(set) var leftovers: [String] = []

    /// A folder without any.
    init() {}

    /// Looks at a folder and changes nothing.
    /// - Parameter names: of the folder.
    init(
        _ names: [String], in folder: String, topicID: Identifier, partition: Int32, on disk: any Disk
    ) throws(DiskError) {
        for name in names.sorted() {
            if SegmentName.base(of: name, suffix: ".log.cleaned") != nil { leftovers.append(name) }
            if let base = SegmentName.base(of: name, suffix: ".log.swap"),
                !names.contains(SegmentName.swapSeal(base))
            {
                leftovers.append(name)
            }
            guard let base = SegmentName.base(of: name, suffix: ".seal.swap") else { continue }
            let hasLog = !names.contains(SegmentName.swapLog(base))
            let log = hasLog ? SegmentName.log(base) : SegmentName.swapLog(base)
            if let bytes = try disk.readable(folder + "/" + name, limit: 4096), let seal = SegmentSeal(decoding: bytes),
                seal.topicID == topicID, seal.partition == partition, seal.baseOffset == base, names.contains(log),
                try Self.fits(folder + "/" + log, seal, on: disk)
            {
                swaps.append(Swap(seal: seal, hasLog: hasLog))
            } else {
                // Rot, or a deletion has taken the log meanwhile. As long as the new log has not got its name, everything old
                // is there.
                leftovers.append(name)
                if names.contains(SegmentName.swapLog(base)) { leftovers.append(SegmentName.swapLog(base)) }
            }
        }
    }

    private static func fits(_ path: String, _ seal: SegmentSeal, on disk: any Disk) throws(DiskError) -> Bool {
        let file = try disk.open(path, .read)
        defer { file.close() }
        let size = try file.size()
        guard size == Int(seal.logSize) else { return false }
        return try !seal.end.isForeign(to: file, size: size)
    }

    // MARK: The folder as it will be

    /// Of the segments whose logs have a name, those that are not replaced, and those that replace.
    func bases(among names: [String]) -> [Offset] {
        let named = names.compactMap { SegmentName.base(of: $0, suffix: ".log") }
        return Set(named.filter { base in !swaps.contains { $0.replaces(base) } } + swaps.map(\.base)).sorted()
    }

    func logName(_ base: Offset) -> String {
        swaps.contains { $0.base == base && !$0.hasLog } ? SegmentName.swapLog(base) : SegmentName.log(base)
    }

    func sealName(_ base: Offset) -> String {
        swaps.contains { $0.base == base } ? SegmentName.swapSeal(base) : SegmentName.seal(base)
    }

    // MARK: Doing it

    /// Brings the folder to the state before or after each replacement. On an error it may be called again, on a new look.
    /// - Returns: whether anything was changed.
    func finish(in folder: String, on disk: any Disk) throws(DiskError) -> Bool {
        if swaps.isEmpty, leftovers.isEmpty { return false }
        // The names may be in the page cache only, if the process before was killed: what counts must be durable before
        // anything that it replaces goes.
        try disk.syncDirectory(folder)
        for swap in swaps { try swap.finish(in: folder, on: disk) }
        // The seals for certain before the logs: one without its log would be held against the old one.
        let seals = leftovers.filter { $0.hasSuffix(".seal.swap") }
        for name in seals { try disk.remove(folder + "/" + name) }
        if !seals.isEmpty { try disk.syncDirectory(folder) }
        for name in Set(leftovers).subtracting(seals).sorted() { try disk.remove(folder + "/" + name) }
        try disk.syncDirectory(folder)
        return true
    }
}

extension InterruptedCompaction.Swap {
    fileprivate func finish(in folder: String, on disk: any Disk) throws(DiskError) {
        if !hasLog {
            try disk.rename(folder + "/" + SegmentName.swapLog(base), to: folder + "/" + SegmentName.log(base))
            try disk.syncDirectory(folder)
        }
        try removeReplaced(in: folder, on: disk)
        try replaceSeal(in: folder, on: disk)
    }

    /// Removes what spoke of the old log, and the other segments that it replaces. Durable on return.
    func removeReplaced(in folder: String, on disk: any Disk) throws(DiskError) {
        let names = try disk.list(folder)
        // The snapshots stay: what was known of producers at an offset is still true.
        var gone = SegmentName.indexes(of: base)
        for other in Set(names.compactMap(SegmentName.anyBase)).filter(replaces).sorted() {
            gone += SegmentName.indexes(of: other) + [SegmentName.seal(other), SegmentName.log(other)]
        }
        for name in gone where names.contains(name) { try disk.remove(folder + "/" + name) }
        try disk.syncDirectory(folder)
    }

    /// The last step. Durable on return.
    func replaceSeal(in folder: String, on disk: any Disk) throws(DiskError) {
        try disk.rename(folder + "/" + SegmentName.swapSeal(base), to: folder + "/" + SegmentName.seal(base))
        try disk.syncDirectory(folder)
    }
}

extension SegmentName {
    fileprivate static func indexes(of base: Offset) -> [String] {
        [index(base), timeIndex(base), abortedTransactions(base)]
    }
}
