import NIOCore

/// Lets something that may happen thousands of times a second into the log at most once in ten seconds, with how often it was.
struct SparseNote: Sendable {
    private var count = 0
    private var silentUntil = NIODeadline.uptimeNanoseconds(0)

    /// It has happened.
    /// - Returns: how often since that was last noted, if it is to be noted now.
    mutating func happened(at now: NIODeadline) -> Int? {
        count += 1
        if now < silentUntil { return nil }
        defer {
            count = 0
            silentUntil = now + .seconds(10)
        }
        return count
    }
}
