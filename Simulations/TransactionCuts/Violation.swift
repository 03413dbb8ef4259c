/// A promise to producers or readers that did not hold: the seed has failed.
struct Violation: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
