/// What a run of many sequences did, so that a run which did nothing is seen to have done nothing.
struct Totals {
    var events = 0
    var restarts = 0
    var failedWrites = 0
    var generations = 0
    var grants = 0
    var commits = 0
    var fenced = 0
    var pauses = 0
    var kills = 0
    var returns = 0
    var seeks = 0

    static func += (left: inout Totals, right: Totals) {
        left.events += right.events
        left.restarts += right.restarts
        left.failedWrites += right.failedWrites
        left.generations += right.generations
        left.grants += right.grants
        left.commits += right.commits
        left.fenced += right.fenced
        left.pauses += right.pauses
        left.kills += right.kills
        left.returns += right.returns
        left.seeks += right.seeks
    }

    var lines: [String] {
        [
            "events \(events); broker restarts \(restarts); writes failed \(failedWrites)",
            "assignments received \(grants), in \(generations) generations; commits taken \(commits), fenced \(fenced); seeks \(seeks)",
            "consumers stopped for a while \(pauses), killed \(kills); static members back \(returns)",
        ]
    }
}
