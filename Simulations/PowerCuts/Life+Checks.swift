import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// What a reader sees, held against what was promised.
extension Life {
    /// Looks at every high watermark as a reader may at any moment, and at everything that is newly below one.
    func probe() throws(Violation) {
        if !disk.isPowered { return }
        try withGoodReads { () throws(Violation) in
            for name in plant.partitions.keys.sorted(by: { "\($0)" < "\($1)" }) { try readNew(in: name) }
            try probeSource()
        }
    }

    /// Reads everything from the beginning.
    func checkEverything() throws(Violation) {
        try probe()
        try withGoodReads { () throws(Violation) in
            for name in plant.partitions.keys.sorted(by: { "\($0)" < "\($1)" }) {
                try read(name, from: 0, upTo: plant.partitions[name]?.settled.count ?? 0) {
                    numbers, base throws(Violation) in
                    try plant.partitions[name]?.settle(numbers, at: base, "a reader finds")
                }
            }
            try checkSource()
        }
    }

    /// A failing read is a reader's to repeat; these checks are about what is there.
    private func withGoodReads(_ body: () throws(Violation) -> Void) throws(Violation) {
        let faults = disk.faults
        disk.faults.reads = 0
        defer { disk.faults = faults }
        try body()
    }

    private func readNew(in name: TopicPartition) throws(Violation) {
        guard let partition = directory.partition(name) else { throw Violation("\(name) is gone") }
        let known = plant.partitions[name]?.settled.count ?? 0
        let end = Int(directory.highWatermark(of: partition).rawValue)
        if end < known { throw Violation("\(name): acknowledged or readable up to \(known), now only up to \(end)") }
        if partition.logStart != .zero { throw Violation("\(name): the log begins at \(partition.logStart)") }
        try read(name, from: known, upTo: end) { numbers, base throws(Violation) in
            plant.totals.recordsOfUnknownFate +=
                try plant.partitions[name]?.settle(numbers, at: base, "a reader finds") ?? 0
        }
    }

    // MARK: The captured source

    /// One moment's watermarks must lie at one transaction boundary.
    private func probeSource() throws(Violation) {
        guard plant.topicIDs[Self.indexName.topic] != nil else { return }
        guard let index = directory.partition(Self.indexName) else { throw Violation("the index is gone") }
        let names = plant.source.topics.keys.sorted()
        var partitions = [index]
        for name in names {
            guard let partition = directory.partition(TopicPartition(topic: name, partition: 0)) else {
                throw Violation("captured topic \(name) is gone")
            }
            partitions.append(partition)
        }
        let watermarks = directory.highWatermarks(of: partitions).map { Int($0.rawValue) }
        let known = plant.source.settled.count
        if watermarks[0] < known {
            throw Violation("index: confirmed or readable up to \(known), now only up to \(watermarks[0])")
        }
        try readIndex(from: known, upTo: watermarks[0])
        for (name, end) in zip(names, watermarks.dropFirst()) {
            let covered = plant.source.topics[name]?.settled.count ?? 0
            if end != covered {
                throw Violation("\(name): readable up to \(end), but the visible transactions end at \(covered)")
            }
        }
    }

    private func readIndex(from start: Int, upTo end: Int) throws(Violation) {
        try readRecords(Self.indexName, from: start, upTo: end) { records throws(Violation) in
            for stored in records {
                let record: TransactionIndexRecord
                do throws(BrokerError) {
                    record = try TransactionIndexRecord(decoding: stored.record.value ?? [])
                } catch {
                    throw Violation("index offset \(stored.offset) does not decode: \(error)")
                }
                if try plant.source.settle(record, at: Int(stored.offset.rawValue), "a reader finds") {
                    plant.totals.recordsOfUnknownFate += 1
                }
            }
        }
    }

    private func checkSource() throws(Violation) {
        guard plant.topicIDs[Self.indexName.topic] != nil else { return }
        try readIndex(from: 0, upTo: plant.source.settled.count)
        for name in plant.source.topics.keys.sorted() {
            guard let rows = plant.source.topics[name] else { continue }
            try read(rows.name, from: 0, upTo: rows.settled.count) { numbers, base throws(Violation) in
                for (place, number) in numbers.enumerated() where rows.settled[base + place] != number {
                    throw Violation("\(name) offset \(base + place): record \(number) was another before")
                }
            }
        }
    }

    // MARK: Reading

    /// Reads batches of our records and says which they are.
    func read(
        _ name: TopicPartition, from start: Int, upTo end: Int, _ body: ([Int], Int) throws(Violation) -> Void
    ) throws(Violation) {
        try readRecords(name, from: start, upTo: end) { records throws(Violation) in
            guard let first = records.first else { return }
            try body(try plant.factory.numbers(in: records, of: name), Int(first.offset.rawValue))
        }
    }

    private func readRecords(
        _ name: TopicPartition, from start: Int, upTo end: Int, _ body: ([StoredRecord]) throws(Violation) -> Void
    ) throws(Violation) {
        guard let partition = directory.partition(name) else { throw Violation("\(name) is gone") }
        var next = start
        while next < end {
            let read: ReadBatches
            do throws(LogStoreError) {
                read = try directory.read(
                    partition, from: Offset(Int64(next)), upTo: Offset(Int64(end)),
                    maxBytes: plant.generator.element(of: [1, 600, 100_000]))
            } catch {
                throw Violation("\(name) offset \(next), below the high watermark: \(error)")
            }
            for batch in read.batches {
                let records = try Self.decode(batch, name)
                guard let first = records.first, Int(first.offset.rawValue) == next else {
                    throw Violation(
                        "\(name): read at \(next), was given \(records.first?.offset.description ?? "nothing")")
                }
                next += records.count
                try body(records)
            }
            if Int(read.nextOffset.rawValue) != next || read.batches.isEmpty {
                throw Violation("\(name): a read that ended at \(next) goes on at \(read.nextOffset)")
            }
        }
        if next > max(end, start) { throw Violation("\(name): a read up to \(end) ended at \(next), inside a batch") }
    }

    /// Checks the CRC too: whoever hands out a batch answers for it.
    static func decode(_ batch: [UInt8], _ name: TopicPartition) throws(Violation) -> [StoredRecord] {
        do throws(RecordFormatError) {
            return try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in try decodeRecords(bytes) }
        } catch {
            throw Violation("\(name): a batch was served that is not good: \(error)")
        }
    }
}
