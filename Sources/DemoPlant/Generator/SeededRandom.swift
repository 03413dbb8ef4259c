/// SplitMix64: the same numbers from the same seed, on every machine.
struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func chance(percent: Int) -> Bool { number(1...100) <= percent }

    /// - Precondition: `choices` is not empty.
    mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element {
        precondition(!choices.isEmpty, "Nothing to pick from")
        return choices[choices.index(choices.startIndex, offsetBy: number(0...choices.count - 1))]
    }

    /// A decimal of `whole` with `places` digits after the point, as Postgres writes a numeric of that scale.
    mutating func decimal(_ whole: ClosedRange<Int>, places: Int) -> String {
        let fraction = (0..<places).map { _ in String(number(0...9)) }.joined()
        return "\(number(whole)).\(fraction)"
    }
}
