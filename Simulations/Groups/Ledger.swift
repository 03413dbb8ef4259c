/// What consumers were given and have committed, as an observer outside of the broker saw it.
struct Ledger {
    private struct Grant {
        var generation: Int32
        var process: Int
        var instance: String?
        var turn: Int
    }

    private struct Place: Hashable {
        let partition: Int32
        let generation: Int32
    }

    /// Who has had a partition in a generation, the last of them.
    private var owners: [Place: Grant] = [:]
    /// The newest of each partition.
    private var newest: [Int32: Grant] = [:]
    /// What somebody was told is committed.
    private(set) var committed: [Int32: Int64] = [:]
    /// Seeks that are on their way.
    private var openSeeks = 0
    /// Seeks that failed: a start may find them until the log has gone on.
    private var failedSeeks = 0
    private(set) var generations: Set<Int32> = []

    /// A consumer has received its assignment.
    ///
    /// - Parameter turn: grows with each answer that the broker gave; a consumer that was stopped may read late what it was told long
    ///   ago.
    mutating func grant(
        _ partition: Int32, generation: Int32, process: Int, instance: String?, turn: Int
    ) throws(Violation) {
        generations.insert(generation)
        let place = Place(partition: partition, generation: generation)
        if let known = owners[place] {
            // A static member may come back as another process, which puts the former out.
            let isSame = known.process == process || instance != nil && known.instance == instance
            if !isSame {
                throw Violation(
                    "partition \(partition) has two owners in generation \(generation): consumers \(known.process) and \(process)"
                )
            }
            if known.turn > turn { return }
        }
        let grant = Grant(generation: generation, process: process, instance: instance, turn: turn)
        owners[place] = grant
        if newest[partition].map({ $0.turn < turn }) ?? true { newest[partition] = grant }
    }

    /// A consumer's commit was taken.
    func check(commitOf partition: Int32, generation: Int32, process: Int) throws(Violation) {
        guard let known = newest[partition] else { return }
        if known.generation > generation || known.generation == generation && known.process != process {
            throw Violation(
                "a commit of consumer \(process) in generation \(generation) was taken for partition \(partition), which consumer "
                    + "\(known.process) has since generation \(known.generation)")
        }
    }

    /// Until a seek's fate is known offsets may be back.
    private var mayBeBack: Bool { openSeeks + failedSeeks > 0 }

    mutating func beginSeek() { openSeeks += 1 }

    mutating func endSeek(isStored: Bool) {
        openSeeks -= 1
        if !isStored { failedSeeks += 1 }
    }

    /// A commit is synced.
    mutating func apply(_ offset: Int64, to partition: Int32, isAsked: Bool) throws(Violation) {
        failedSeeks = 0
        if !isAsked, !mayBeBack, let known = committed[partition], offset < known {
            throw Violation("the committed offset of partition \(partition) went from \(known) back to \(offset)")
        }
        committed[partition] = offset
    }

    /// The broker has started again and knows these.
    mutating func restart(_ offsets: [Int32: Int64]) throws(Violation) {
        for (partition, known) in committed {
            let found = offsets[partition] ?? -1
            if found < known, !mayBeBack {
                throw Violation(
                    "after a restart partition \(partition) is committed up to \(found) and was up to \(known)")
            }
        }
        // What was found beyond that nobody was told of, and an owner who goes on from what he was told may commit below it.
        for (partition, known) in committed { committed[partition] = min(known, offsets[partition] ?? known) }
        openSeeks = 0
        failedSeeks = 0
    }
}
