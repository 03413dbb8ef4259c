import EdgeBrokerTesting
import LogStore
import RecordFormat

/// Appends whatever a compaction may meet, from a seed: records of a few keys, tombstones, records without a key, idempotent
/// and transactional producers, every codec.
struct RandomLog {
    var generator: SeededGenerator
    private var sequences: [Int64: Int32] = [:]
    private var open: Set<Int64> = []
    private var number = 0

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// One batch.
    mutating func step(_ plant: KeyedLog) throws {
        if let id = open.sorted().first, generator.chance(250) {
            open.remove(id)
            try plant.append(marker(generator.chance(500) ? .commit : .abort, of: id))
            return
        }
        let codecs: [RecordBatchAttributes.Codec] = [.gzip, .snappy, .lz4, .zstd]
        let codec = generator.chance(700) ? .uncompressed : generator.element(of: codecs)
        let records = (0..<generator.within(1...4)).map { _ in record() }
        try plant.append(
            try keyedBatch(records, by: writer(count: records.count), codec: codec, timestamp: Int64(1000 + number)))
        if generator.chance(100) { try plant.roll() }
    }

    /// Decides what is open.
    mutating func end(_ plant: KeyedLog) throws {
        for id in open.sorted() { try plant.append(marker(.commit, of: id)) }
        open = []
        try plant.roll()
    }

    private mutating func record() -> Keyed {
        number += 1
        let key = "k\(generator.below(8))"
        if generator.chance(30) { return .keyless("\(number)") }
        if generator.chance(200) { return .delete(key) }
        return .put(key, "\(number) " + String(repeating: "z", count: generator.below(60)))
    }

    private mutating func writer(count: Int) -> Writer {
        if generator.chance(400) { return .nobody }
        let isTransactional = generator.chance(500)
        let id: Int64 = isTransactional ? generator.chance(500) ? 10 : 11 : generator.chance(500) ? 1 : 2
        let sequence = sequences[id, default: 0]
        sequences[id] = sequence + Int32(count)
        if isTransactional { open.insert(id) }
        return isTransactional ? .transactional(id, sequence: sequence) : .idempotent(id, sequence: sequence)
    }
}
