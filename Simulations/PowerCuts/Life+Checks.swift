import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// What a reader sees, held against what was promised.
extension Life {
    /// After a start: everything from the beginning.
    func inspect() throws(Violation) {
        if !disk.isPowered { return }
        if let damage = broker.recovery.damages.first {
            throw Violation("recovery calls it damage: \(damage.description)")
        }
        try adoptTopics()
        try withGoodReads { () throws(Violation) in
            let gaps = try readGaps()
            for place in plant.partitions.indices { try read(place, fromStart: true, gaps) }
            try probeSource()
            try checkRows()
            try checkGroups()
            if plant.generator.chance(120) { try checkSomeReads() }
        }
        for place in plant.partitions.indices { plant.partitions[place].noteRecovered() }
    }

    /// Looks at every high watermark as a reader may at any moment, and at everything that is newly below one.
    func probe() throws(Violation) {
        if !disk.isPowered { return }
        try withGoodReads { () throws(Violation) in
            let hasMoved = plant.partitions.contains {
                directory.partition($0.name).map { Int($0.logStart.rawValue) } != $0.logStart
            }
            let gaps = hasMoved ? try readGaps() : []
            for place in plant.partitions.indices { try read(place, fromStart: false, gaps) }
            try probeSource()
        }
    }

    /// A failing read is a reader's to repeat; these checks are about what is there.
    private func withGoodReads(_ body: () throws(Violation) -> Void) throws(Violation) {
        let faults = disk.faults
        disk.faults.reads = 0
        defer { disk.faults = faults }
        try body()
    }

    private func read(_ place: Int, fromStart: Bool, _ gaps: [Gap]) throws(Violation) {
        var ledger = plant.partitions[place]
        let name = ledger.name
        guard let partition = directory.partition(name) else { throw Violation("\(name) is gone") }
        let end = Int(directory.highWatermark(of: partition).rawValue)
        if end < ledger.end {
            let least = hasFailed && ledger.keeping.isBuffered ? 0 : ledger.certainEnd
            if end < least {
                throw Violation("\(name): acknowledged or readable up to \(ledger.end), now only up to \(end)")
            }
            ledger.forget(from: end)
        }
        let known = ledger.end
        let start = Int(partition.logStart.rawValue)
        if start != ledger.logStart, start <= ledger.end {
            try ledger.begin(at: start, now: plant.clock.now, gaps: gaps.filter { $0.partition == name }.map(\.offsets))
        }
        var walk = PartitionWalk(ledger, from: fromStart ? start : max(start, known), plant)
        var next = fromStart ? start : max(start, known)
        while next < end {
            let reached: Offset
            do throws(LogStoreError) {
                reached = try directory.read(
                    partition, from: Offset(Int64(next)), upTo: Offset(Int64(end)), maxBytes: 100_000
                ) { walk.meet($0, $1) }
            } catch {
                throw Violation("\(name) offset \(next), below the high watermark: \(error)")
            }
            if Int(reached.rawValue) <= next { throw Violation("\(name): a read at \(next) goes on at \(reached)") }
            next = Int(reached.rawValue)
        }
        try walk.finish(at: end)
        ledger = walk.ledger
        if start != ledger.logStart {
            try ledger.begin(at: start, now: plant.clock.now, gaps: gaps.filter { $0.partition == name }.map(\.offsets))
        }
        do throws(Violation) {
            try ledger.epochs.see(walk.highestEpoch, own: walk.epochs, mayGrow: ledger.keeping.isBuffered)
        } catch {
            throw Violation("\(name): \(error.description)")
        }
        plant.totals[.unknownRecords] += walk.unknown
        plant.partitions[place] = ledger
    }

    // MARK: Gaps

    struct Gap {
        let partition: TopicPartition
        let offsets: Range<Int>
    }

    /// What the broker has written down as dropped.
    private func readGaps() throws(Violation) -> [Gap] {
        guard plant.scenario.budget != nil else { return [] }
        let name = TopicPartition(topic: GapRecord.topic, partition: 0)
        guard let partition = directory.partition(name) else { return [] }
        var gaps: [Gap] = []
        let end = Int(directory.highWatermark(of: partition).rawValue)
        try readRecords(name, from: Int(partition.logStart.rawValue), upTo: end) { records throws(Violation) in
            for stored in records {
                guard let value = stored.record.value, let gap = Gap(value) else {
                    throw Violation("a record in \(GapRecord.topic) does not decode")
                }
                gaps.append(gap)
            }
        }
        return gaps
    }

    // MARK: The captured source

    /// One moment's watermarks must lie at one transaction boundary.
    func probeSource() throws(Violation) {
        guard plant.topicIDs[Self.indexName.topic] != nil else { return }
        guard let index = directory.partition(Self.indexName) else { throw Violation("the index is gone") }
        var partitions = [index]
        for rows in plant.source.topics {
            guard let partition = directory.partition(rows.name) else {
                throw Violation("captured topic \(rows.name) is gone")
            }
            partitions.append(partition)
        }
        let watermarks = directory.highWatermarks(of: partitions).map { Int($0.rawValue) }
        let known = plant.source.settled.count
        if watermarks[0] < known {
            throw Violation("index: confirmed or readable up to \(known), now only up to \(watermarks[0])")
        }
        try readIndex(from: known, upTo: watermarks[0])
        try plant.source.begin(at: Int(index.logStart.rawValue))
        for (rows, end) in zip(plant.source.topics, watermarks.dropFirst()) where end != rows.end {
            throw Violation("\(rows.name): readable up to \(end), but the visible transactions end at \(rows.end)")
        }
    }

    func readIndex(from start: Int, upTo end: Int) throws(Violation) {
        try readRecords(Self.indexName, from: start, upTo: end) { records throws(Violation) in
            for stored in records {
                let record: TransactionIndexRecord
                do throws(BrokerError) {
                    record = try TransactionIndexRecord(decoding: stored.record.value ?? [])
                } catch {
                    throw Violation("index offset \(stored.offset) does not decode: \(error)")
                }
                if try plant.source.settle(record, at: Int(stored.offset.rawValue), "a reader finds") {
                    plant.totals[.unknownRecords] += 1
                }
            }
        }
    }

    private func checkRows() throws(Violation) {
        guard plant.topicIDs[Self.indexName.topic] != nil else { return }
        try readIndex(from: plant.source.logStart, upTo: plant.source.settled.count)
        for rows in plant.source.topics {
            guard let partition = directory.partition(rows.name) else { continue }
            var walk = PartitionWalk(rows, from: 0, plant)
            var next = 0
            while next < rows.end {
                do throws(LogStoreError) {
                    let reached = try directory.read(
                        partition, from: Offset(Int64(next)), upTo: Offset(Int64(rows.end)), maxBytes: 100_000
                    ) { walk.meet($0, $1) }
                    next = max(next + 1, Int(reached.rawValue))
                } catch {
                    throw Violation("\(rows.name) offset \(next), below the high watermark: \(error)")
                }
            }
            try walk.finish(at: rows.end)
        }
    }

    // MARK: Groups

    private func checkGroups() throws(Violation) {
        for place in plant.groups.known {
            let offset = broker.committedOffsets(of: place.group)[place.partition].map { Int($0.offset.rawValue) }
            try plant.groups.see(offset, at: place)
        }
    }

    // MARK: Reading

    /// Reads in the middle, and looks for a time: by the indexes.
    private func checkSomeReads() throws(Violation) {
        for ledger in plant.partitions where !ledger.keeping.isCompacted && ledger.end > ledger.logStart {
            let offset = plant.generator.within(ledger.logStart...(ledger.end - 1))
            guard let number = ledger.number(at: offset), let partition = directory.partition(ledger.name) else {
                continue
            }
            var first: Offset?
            let found: (offset: Offset, timestamp: Timestamp)?
            do throws(LogStoreError) {
                _ = try directory.read(
                    partition, from: Offset(Int64(offset)), upTo: Offset(Int64(ledger.end)), maxBytes: 1
                ) { header, _ in if first == nil { first = header.baseOffset } }
                found = try directory.offset(
                    in: partition, at: Timestamp(millisecondsSince1970: Int64(number)), upTo: Offset(Int64(ledger.end)))
            } catch {
                throw Violation("\(ledger.name) offset \(offset): \(error)")
            }
            if first.map({ Int($0.rawValue) }) != ledger.batch(holding: offset)?.base {
                throw Violation("\(ledger.name): a read at \(offset) begins at \(first?.description ?? "nothing")")
            }
            if found.map({ Int($0.offset.rawValue) }) != offset {
                throw Violation(
                    "\(ledger.name): the record of time \(number) is at \(offset), and was found at \(found?.offset.description ?? "no place")"
                )
            }
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
                    partition, from: Offset(Int64(next)), upTo: Offset(Int64(end)), maxBytes: 100_000)
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

extension Life.Gap {
    /// Reads the few fields that matter, in the order in which they are written.
    fileprivate init?(_ value: [UInt8]) {
        let fields = String(decoding: value, as: UTF8.self).split { ",:{}\"".contains($0) }
        guard fields.count >= 8, fields[0] == "topic", let number = Int32(fields[3]), let start = Int(fields[5]),
            let end = Int(fields[7]), start <= end
        else { return nil }
        partition = TopicPartition(topic: String(fields[1]), partition: number)
        offsets = start..<end
    }
}
