/// What a run of many seeds did, so that a run which did nothing is seen to have done nothing.
struct Totals {
    var powerCuts = 0
    var cutsInRecovery = 0
    var kills = 0
    var cleanStops = 0
    var acknowledgedAppends = 0
    var acknowledgedRecords = 0
    var refusedAppends = 0
    var sourceSessions = 0
    var sourceTransactions = 0
    var topicsCreated = 0
    var recordsOfUnknownFate = 0
    var tornTails = 0
    var rotted = 0
    var rotReported = 0
    var sourcesStopped = 0
    var operations = 0

    static func += (left: inout Totals, right: Totals) {
        left.powerCuts += right.powerCuts
        left.cutsInRecovery += right.cutsInRecovery
        left.kills += right.kills
        left.cleanStops += right.cleanStops
        left.acknowledgedAppends += right.acknowledgedAppends
        left.acknowledgedRecords += right.acknowledgedRecords
        left.refusedAppends += right.refusedAppends
        left.sourceSessions += right.sourceSessions
        left.sourceTransactions += right.sourceTransactions
        left.topicsCreated += right.topicsCreated
        left.recordsOfUnknownFate += right.recordsOfUnknownFate
        left.tornTails += right.tornTails
        left.rotted += right.rotted
        left.rotReported += right.rotReported
        left.sourcesStopped += right.sourcesStopped
        left.operations += right.operations
    }

    var lines: [String] {
        [
            "power cuts \(powerCuts); kills \(kills); of both in recovery \(cutsInRecovery); clean stops \(cleanStops)",
            "appends acknowledged \(acknowledgedAppends) (\(acknowledgedRecords) records), refused \(refusedAppends)",
            "source transactions \(sourceTransactions) in \(sourceSessions) sessions; topics created \(topicsCreated)",
            "records that came back unacknowledged \(recordsOfUnknownFate); torn tails cut \(tornTails)",
            "files rotted \(rotted), reported \(rotReported); sources stopped by a damaged index \(sourcesStopped); disk operations \(operations)",
        ]
    }
}
