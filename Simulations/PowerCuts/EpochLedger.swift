/// What the leader epochs of one partition must be: larger after every unclean start, the same after a clean one.
struct EpochLedger {
    private enum Rule {
        case above(Int32)
        case same(Int32)
        case atLeast(Int32)
    }

    /// Of all batches that anybody has seen.
    private var highest: Int32 = -1
    /// Of the first batch of this life.
    private var current: Int32?
    private var rule = Rule.atLeast(0)

    /// - Parameter isClean: the life before has ended so; `nil`: it may have.
    mutating func beginLife(isClean: Bool?) {
        switch (isClean, current) {
        case (false, _): rule = .above(highest)
        case (true, let current?): rule = .same(current)
        default: rule = .atLeast(highest)
        }
        current = nil
    }

    /// The start was cut short. A marker of a clean stop may be gone by now.
    mutating func beginAgain() {
        if case .same(let former) = rule { rule = .atLeast(former) }
    }

    /// - Parameters:
    ///   - seen: the highest of the batches that were read.
    ///   - own: of those of this life, if there are some.
    ///   - mayGrow: in the middle of a life too, as that of a buffered partition which has lost something.
    mutating func see(_ seen: Int32, own: ClosedRange<Int32>?, mayGrow: Bool) throws(Violation) {
        if let own {
            switch rule {
            case .above(let former) where own.lowerBound <= former:
                throw Violation("leader epoch \(own.lowerBound) after an unclean start, before \(former)")
            case .same(let former) where mayGrow ? own.lowerBound < former : own != former...former:
                throw Violation("leader epochs \(own) after a clean start, before \(former)")
            case .atLeast(let former) where own.lowerBound < former:
                throw Violation("leader epoch \(own.lowerBound), before \(former)")
            default: break
            }
            if !mayGrow, current == nil { current = own.lowerBound }
        }
        highest = max(highest, seen)
    }
}
