import EdgeBrokerTesting

/// What a run did, so that one which did nothing is seen to have done nothing.
struct Totals {
    enum Count: Int, CaseIterable {
        case powerCuts, cutsInRecovery, kills, cleanStops, restarts, livesAfterCut, verifications
        case acknowledgedAppends, acknowledgedRecords, refusals, unknownRecords, tornTails, topicsCreated
        case sourceSessions, sourceTransactions, offsetCommits, deletions, sweeps, compactions, clockJumps
        case rotted, rotReported, sourcesStopped
        case failedWrites, failedSyncs, lostSyncs, failedReads, failedNames, fullDisks, shortWrites, tornFiles
        case droppedNames, operations
    }

    private var counts = [Int](repeating: 0, count: Count.allCases.count)

    subscript(count: Count) -> Int {
        get { counts[count.rawValue] }
        set { counts[count.rawValue] = newValue }
    }

    static func += (left: inout Totals, right: Totals) {
        for place in left.counts.indices { left.counts[place] += right.counts[place] }
    }

    /// What became of a disk until its life ended.
    mutating func add(_ disk: SimulatedDisk) {
        let tally = disk.tally
        self[.failedWrites] += tally.failedWrites
        self[.failedSyncs] += tally.failedSyncs
        self[.lostSyncs] += tally.lostSyncs
        self[.failedReads] += tally.failedReads
        self[.failedNames] += tally.failedNames
        self[.fullDisks] += tally.fullDisks
        self[.shortWrites] += tally.shortWrites
        self[.tornFiles] += tally.tornFiles
        self[.droppedNames] += tally.droppedNames
        self[.operations] += disk.operations
    }

    var lines: [String] {
        [
            "power cuts \(self[.powerCuts]), of them in a recovery \(self[.cutsInRecovery]); kills \(self[.kills]); clean stops \(self[.cleanStops]); restarts \(self[.restarts]), \(self[.livesAfterCut]) went on; verified \(self[.verifications])",
            "files torn \(self[.tornFiles]), names lost \(self[.droppedNames]), tails cut \(self[.tornTails]); records that came back unacknowledged \(self[.unknownRecords])",
            "faults: EIO of writes \(self[.failedWrites]), of syncs \(self[.failedSyncs]) (\(self[.lostSyncs]) lost what was written), of reads \(self[.failedReads]), of names \(self[.failedNames]); no room \(self[.fullDisks]); short writes \(self[.shortWrites]); clock jumps \(self[.clockJumps]); rot \(self[.rotted]), reported \(self[.rotReported]), sources stopped \(self[.sourcesStopped])",
            "appends acknowledged \(self[.acknowledgedAppends]) (\(self[.acknowledgedRecords]) records), refused \(self[.refusals]); topics \(self[.topicsCreated]); source transactions \(self[.sourceTransactions]) in \(self[.sourceSessions]) sessions; offset commits \(self[.offsetCommits])",
            "deletions \(self[.deletions]), sweeps \(self[.sweeps]), compactions \(self[.compactions]); disk operations \(self[.operations])",
        ]
    }
}
