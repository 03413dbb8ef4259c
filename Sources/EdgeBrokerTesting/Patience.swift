/// How long a test waits for what other tasks or processes do: a minute, and 200 looks.
///
/// The time alone would not do. Where a thousand tests share two threads, others may need all of it between two looks.
package struct Patience: ~Copyable {
    private static let mostLooks = 200

    private let end = ContinuousClock.now + .seconds(60)
    private var looks = 0

    package init() {}

    /// Notes a look that was in vain.
    /// - Returns: whether another one is worth its while.
    package mutating func lasts() -> Bool {
        looks += 1
        return looks < Self.mostLooks || ContinuousClock.now < end
    }
}
