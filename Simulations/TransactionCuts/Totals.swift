/// What a run of many seeds did, so that a run which did nothing is seen to have done nothing.
struct Totals {
    var powerCuts = 0
    var kills = 0
    var cleanStops = 0
    var cutsWithOpenTransaction = 0
    var cutsWithUnansweredEnd = 0
    var cutsWithUnansweredOffsets = 0
    var committed = 0
    var aborted = 0
    var decidedByRecovery = 0
    var offsetCommits = 0
    var appended = 0
    var retries = 0
    var retriesAfterRestart = 0
    var zombies = 0

    static func += (left: inout Totals, right: Totals) {
        left.powerCuts += right.powerCuts
        left.kills += right.kills
        left.cleanStops += right.cleanStops
        left.cutsWithOpenTransaction += right.cutsWithOpenTransaction
        left.cutsWithUnansweredEnd += right.cutsWithUnansweredEnd
        left.cutsWithUnansweredOffsets += right.cutsWithUnansweredOffsets
        left.committed += right.committed
        left.aborted += right.aborted
        left.decidedByRecovery += right.decidedByRecovery
        left.offsetCommits += right.offsetCommits
        left.appended += right.appended
        left.retries += right.retries
        left.retriesAfterRestart += right.retriesAfterRestart
        left.zombies += right.zombies
    }

    var lines: [String] {
        [
            "power cuts \(powerCuts), of these \(cutsWithOpenTransaction) in open transactions, \(cutsWithUnansweredEnd) while one was ended, \(cutsWithUnansweredOffsets) while offsets were committed; kills \(kills); clean stops \(cleanStops)",
            "transactions committed \(committed), aborted \(aborted); of unanswered ends found done or undone \(decidedByRecovery); with offsets \(offsetCommits)",
            "batches appended \(appended); sent again \(retries), after a restart \(retriesAfterRestart); refused of fenced producers \(zombies)",
        ]
    }
}
