/// One format, and what must hold of any bytes that are read as it. libFuzzer makes the bytes; the tests feed the corpus.
///
/// A format's laws stand in a file of their own, as an extension with a static member, and ``all`` names it. A target more
/// needs nothing else: `make fuzz`, the corpus and the tests go by this list.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// The name of its folder in `Fuzz/Corpus`.
    package let name: String
    /// The longest input that is worth trying.
    package let longest: Int
    /// What to begin with: inputs that the decoder takes.
    package let seeds: @Sendable () -> [Seed]
    private let laws: @Sendable (Input) throws(BrokenLaw) -> Bool

    package struct Seed: Sendable {
        package let name: String
        package let bytes: [UInt8]

        init(_ name: String, choices: UInt8 = 0, _ bytes: [UInt8]) {
            self.name = name
            self.bytes = [choices] + bytes
        }
    }

    init(
        _ name: String, longest: Int = 1024, seeds: @escaping @Sendable () -> [Seed],
        laws: @escaping @Sendable (Input) throws(BrokenLaw) -> Bool
    ) {
        self.name = name
        self.longest = longest
        self.seeds = seeds
        self.laws = laws
    }

    package static let all: [FuzzTarget] = [
        // Bytes and records.
        .recordBatch,
        // What the log reads.
        .segment, .partition, .offsetIndex, .timeIndex, .abortedTransactions, .producerSnapshot, .seal, .knownGap,
        .syncedEnds, .checkpoints, .properties,
        // What the broker reads out of its own topics.
        .catalogue, .offsetCommits, .transactionIndex,
        // What comes from the network.
        .requests, .responses,
    ]

    package var description: String { name }

    /// Reads `bytes` as the format and holds what comes against the laws.
    /// - Returns: whether they were taken for it.
    /// - Throws: the law that does not hold.
    @discardableResult
    package func check(_ bytes: [UInt8]) throws(BrokenLaw) -> Bool { try laws(Input(bytes)) }
}

/// A law that does not hold of some bytes: a mistake of ours, in the decoder or in the law.
package struct BrokenLaw: Error, CustomStringConvertible {
    package let description: String
}

func demand(_ holds: Bool, _ law: @autoclosure () -> String) throws(BrokenLaw) {
    if !holds { throw BrokenLaw(description: law()) }
}

/// What was decoded must mean the same when it is encoded and decoded once more.
func demandRoundTrip<Value: Equatable>(
    _ value: Value, encoded: [UInt8], decode: ([UInt8]) -> Value?
) throws(BrokenLaw) {
    guard let again = decode(encoded) else {
        throw BrokenLaw(description: "\(value) was decoded, and what it encodes to is none: \(encoded)")
    }
    try demand(again == value, "\(value) was decoded, and comes back as \(again)")
}
