/// A part of all keys: those whose digest begins with certain bits. A pass of a compaction is about one class, so that its map
/// has a bound whatever the log holds.
struct KeyClass: Equatable {
    /// Leading bits that count; 0: the class of all keys.
    private(set) var depth: Int
    /// Their value.
    private(set) var value: UInt64

    static let all = KeyClass(depth: 0, value: 0)

    func contains(_ digest: KeyDigest) -> Bool { depth == 0 || digest.high >> UInt64(64 - depth) == value }

    /// The first half of this class. Its keys are distributed evenly, so it has about half as many.
    var half: KeyClass { KeyClass(depth: depth + 1, value: value << 1) }

    /// The class of the next pass; `nil` after the last one.
    var next: KeyClass? { value + 1 < 1 << UInt64(depth) ? KeyClass(depth: depth, value: value + 1) : nil }
}
