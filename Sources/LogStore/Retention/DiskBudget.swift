/// How much of the disk the log may take, and the marks between which room is made.
package struct DiskBudget: Sendable, Equatable {
    /// All segments together.
    package var bytes: Int64
    /// What must stay free on the disk besides: others may fill it too.
    package var reserve: Int64

    package init(bytes: Int64, reserve: Int64) {
        precondition(bytes > 0 && reserve >= 0, "A budget of \(bytes) bytes and a reserve of \(reserve)")
        self.bytes = bytes
        self.reserve = reserve
    }

    /// A twentieth, so that between two looks at the disk appends do not pass the budget by much.
    private var step: Int64 { min(bytes / 20, 2 << 30) }

    /// Above this, records give way until ``lowWater``.
    package var highWater: Int64 { bytes - step }
    package var lowWater: Int64 { highWater - step }

    /// A budget that is a share of the disk, now that so much is free: others may have given up room since it was decided. It
    /// does not shrink: ``reserve`` sees to what others take.
    package func grown(free: Int64, used: Int64) -> DiskBudget {
        var grown = self
        // A disk that does not tell is no reason to have more.
        if free < .max { grown.bytes = max(bytes, Self.share(ofFree: free, used: used)) }
        return grown
    }

    /// Of what is free when the log is first opened, and of what it has then, four fifths.
    package static func share(ofFree free: Int64, used: Int64) -> Int64 {
        let (sum, overflow) = max(0, free).addingReportingOverflow(max(0, used))
        return max(1, (overflow ? .max : sum) / 5 * 4)
    }
}
