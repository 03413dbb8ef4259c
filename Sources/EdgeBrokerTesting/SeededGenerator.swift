/// Random numbers that a seed gives again: SplitMix64 (Steele, Lea, Flood 2014). Everything random in a simulation comes
/// from one of these, so a failure is a seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of `0..<bound`; the bias of the remainder is no matter here.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "Nothing is below \(bound)")
        return Int(truncatingIfNeeded: next() % UInt64(bound))
    }

    package mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// True `perMille` times out of a thousand.
    package mutating func chance(_ perMille: Int) -> Bool { below(1000) < perMille }

    package mutating func element<T>(of choices: [T]) -> T { choices[below(choices.count)] }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let word = next()
            for shift in stride(from: 0, to: UInt64(min(8, count - bytes.count)) * 8, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return bytes
    }

    /// A generator of its own, so that what is drawn from it does not move what is drawn here.
    package mutating func fork() -> SeededGenerator { SeededGenerator(seed: next()) }
}
