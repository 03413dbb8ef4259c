import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// A data folder with a file of every kind, as it was left in one of several ways; and as it was at earlier moments.
struct PlantFolder: Sendable {
    enum Leaving: String, CaseIterable, Sendable {
        case cleanStop = "a clean stop"
        /// Killed after it.
        case quiet = "a second of quiet"
        /// Killed when a replacement had been named, after a second of quiet.
        case compaction = "a kill amid a compaction"
    }

    static let path = "/plant/data"
    static let slot = "mes_p01"
    static let checkpointBytes = 1024

    let leaving: Leaving
    let disk: SimulatedDisk
    let clock: SimulatedClock
    let segmentBytes: Int
    /// The folder at earlier moments, oldest first.
    let earlier: [SimulatedDisk]
    /// Every batch that ever stood in the log.
    let known: KnownBatches
    /// What an undamaged start gives.
    let answers: Answers
    /// Files that can be damaged, by what they are there for.
    let files: [FileRole: [String]]
    /// Files that are no longer there, with the moment at which they were.
    let removed: [FileRole: [(path: String, at: Int)]]

    init(
        _ leaving: Leaving, _ disk: SimulatedDisk, _ clock: SimulatedClock, segmentBytes: Int,
        earlier: [SimulatedDisk], known: KnownBatches
    ) throws(Violation) {
        self.leaving = leaving
        self.disk = disk
        self.clock = clock
        self.segmentBytes = segmentBytes
        self.earlier = earlier
        var known = known
        let broker = try Self.open(disk.afterKill(), clock.fork(), segmentBytes: segmentBytes)
        answers = try Answers(of: broker)
        broker.directory.close()
        known.add(answers)
        self.known = known
        let paths = disk.paths
        files = Self.roles(of: paths)
        let present = Set(paths)
        var removed: [FileRole: [(path: String, at: Int)]] = [:]
        for (place, moment) in earlier.enumerated() {
            for (role, then) in Self.roles(of: moment.paths) where role != .setAside {
                for path in then where !present.contains(path) { removed[role, default: []].append((path, place)) }
            }
        }
        self.removed = removed
    }

    private static func roles(of paths: [String]) -> [FileRole: [String]] {
        var roles: [FileRole: [String]] = [:]
        // In their order, the last log of a folder comes behind the others.
        let logs = paths.filter { $0.hasSuffix(".log") }
        let active = Set(
            logs.indices.filter { $0 + 1 == logs.count || folder(logs[$0]) != folder(logs[$0 + 1]) }.map { logs[$0] })
        for path in paths where path.hasPrefix(Self.path + "/") {
            guard let role = FileRole(path, isActive: active.contains(path)) else { continue }
            roles[role, default: []].append(path)
        }
        return roles
    }

    private static func folder(_ path: String) -> Substring { path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }

    /// Opens the log without a thread: nothing happens by itself.
    static func open(
        _ disk: SimulatedDisk, _ clock: SimulatedClock, segmentBytes: Int, random: UInt64 = 1
    ) throws(Violation) -> Broker {
        do throws(BrokerError) {
            return try tryOpening(disk, clock, segmentBytes: segmentBytes, random: random)
        } catch {
            throw Violation("the broker does not open: \(error)")
        }
    }

    static func tryOpening(
        _ disk: SimulatedDisk, _ clock: SimulatedClock, segmentBytes: Int, random: UInt64 = 1
    ) throws(BrokerError) -> Broker {
        var configuration = LogDirectoryConfiguration(path: path)
        configuration.segmentBytes = segmentBytes
        configuration.recoveryThreads = 1
        configuration.reserveBytes = 2048
        let numbers = Mutex(SeededGenerator(seed: random))
        return try Broker(
            configuration, disk: disk, clock: clock.logClock, random: { numbers.withLock { $0.next() } },
            checkpointBytes: checkpointBytes)
    }
}
