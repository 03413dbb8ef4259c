/// How long to wait before the source is tried again: 1 s, doubling to 60 s, each cut by up to a half at random, so that the
/// plants of a company do not all come back to head office in the same second.
package struct Backoff: Sendable {
    private static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(60)
    private var next = Backoff.first

    package init() {}

    /// - Parameter jitter: 0 to 1.
    package mutating func wait(jitter: Double) -> Duration {
        defer { next = min(next * 2, Self.longest) }
        return next * (1 - jitter / 2)
    }

    /// Something went well: the next failure is a first one.
    package mutating func reset() { next = Self.first }
}
