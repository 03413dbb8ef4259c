import RecordFormat

/// What may and what must be in one partition.
///
/// Everything acknowledged and everything that a reader has seen must stay, at its offset, for ever. What was appended and
/// never answered may turn up later, as a whole batch, at the offset it was given.
struct PartitionLedger {
    let name: TopicPartition
    /// By offset, from 0 without a gap: the number of the record that stands there.
    private(set) var settled: [Int] = []
    /// Batches that were given an offset, by that offset.
    private var staged: [Int: [[Int]]] = [:]

    init(_ name: TopicPartition) { self.name = name }

    mutating func stage(_ numbers: [Int], at base: Int) { staged[base, default: []].append(numbers) }

    /// A batch is at `base`, because somebody was told so or has read it.
    /// - Returns: how many of its records were not known to be there.
    @discardableResult
    mutating func settle(_ numbers: [Int], at base: Int, _ witness: String) throws(Violation) -> Int {
        if base > settled.count {
            throw Violation("\(name): \(witness) a batch at \(base), and offsets from \(settled.count) on are missing")
        }
        for (place, number) in numbers.enumerated() where base + place < settled.count {
            if settled[base + place] != number {
                throw Violation(
                    "\(name) offset \(base + place): \(witness) record \(number), but \(settled[base + place]) stood there"
                )
            }
        }
        if base + numbers.count <= settled.count { return 0 }
        if base < settled.count {
            throw Violation("\(name) offset \(base): \(witness) a batch of which only a part was there before")
        }
        if staged[base]?.contains(numbers) != true {
            throw Violation(
                "\(name) offset \(base): \(witness) records \(numbers), which nobody appended there as a batch")
        }
        settled += numbers
        return numbers.count
    }

    /// A batch was refused.
    func refuse(_ numbers: [Int], at base: Int) throws(Violation) {
        if base < settled.count, settled[base] == numbers.first {
            throw Violation("\(name) offset \(base): an append was refused and can be read")
        }
    }
}
