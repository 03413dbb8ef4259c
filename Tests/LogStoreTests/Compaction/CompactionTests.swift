import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A compaction")
struct CompactionTests {
    private static let day: Int64 = 86_400_000

    // MARK: Records

    @Test("leaves each key's last record, where it was and as it was")
    func lastPerKey() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"), .put("b", "1"), .put("a", "2"))
        try plant.append(.put("c", "1"))
        try plant.append(.put("b", "2"), .put("d", "1"))
        try plant.roll()
        let before = try plant.read().flatMap(\.records)
        let report = try #require(try plant.compact())
        #expect(report.superseded == 2)
        #expect(try plant.offsets() == [2, 3, 4, 5])
        #expect(try plant.read().flatMap(\.records) == before.filter { [2, 3, 4, 5].contains($0.offset.rawValue) })
    }

    @Test("leaves no hole: what went is spanned by empty batches, one for neighbours")
    func dense() throws {
        let plant = try KeyedLog()
        for number in 0..<6 { try plant.append(.put("a", "\(number)")) }
        try plant.append(.put("b", "1"))
        try plant.append(.put("a", "6"))
        try plant.roll()
        try plant.compact()
        let batches = try plant.batches()
        #expect(batches.map(\.offsets) == [0..<6, 6..<7, 7..<8])
        #expect(batches.map(\.header.recordCount) == [0, 1, 1])
        #expect(batches[0].bytes.count == RecordBatchHeader.encodedSize)
        // A batch that lost some of its records keeps its place.
        let next = try plant.append(.put("c", "1"), .put("d", "1"), .put("c", "2"))
        #expect(next == Offset(8)..<Offset(11))
        try plant.append(.put("d", "2"))
        try plant.roll()
        try plant.compact()
        #expect(try plant.batches().map(\.offsets) == [0..<6, 6..<7, 7..<8, 8..<11, 11..<12])
        #expect(try plant.offsets() == [6, 7, 10, 11])
    }

    @Test("never removes a record without a key, and counts it")
    func keyless() throws {
        let plant = try KeyedLog()
        try plant.append(.keyless("x"), .put("a", "1"), .keyless("y"))
        try plant.append(.put("a", "2"))
        try plant.roll()
        let report = try #require(try plant.compact())
        #expect(report.keyless == 2)
        #expect(try plant.offsets() == [0, 2, 3])
    }

    @Test(
        "compresses what is left with the batch's codec",
        arguments: [RecordBatchAttributes.Codec.gzip, .snappy, .lz4, .zstd])
    func compressed(codec: RecordBatchAttributes.Codec) throws {
        let plant = try KeyedLog()
        let long = String(repeating: "z", count: 200)
        try plant.append(try keyedBatch([.put("a", "1"), .put("b", long), .put("c", long)], codec: codec))
        try plant.append(try keyedBatch([.put("a", "2"), .put("d", long)], codec: codec))
        try plant.roll()
        let before = try plant.read()
        try plant.compact()
        let after = try plant.read()
        #expect(after.map(\.header.attributes.codec) == [codec, codec])
        #expect(after[0].records == Array(before[0].records.dropFirst()))
        #expect(after[1].bytes == before[1].bytes)
    }

    @Test("keeps the leader epochs of what it spans apart")
    func leaderEpochs() throws {
        let disk = SimulatedDisk(seed: 1)
        let first = try KeyedLog(disk)
        try first.append(.put("a", "1"))
        try first.append(.put("a", "2"))
        // A kill: the next start begins an epoch.
        let plant = try KeyedLog(disk.afterKill())
        try plant.append(.put("a", "3"))
        try plant.append(.put("a", "4"))
        try plant.append(.put("a", "5"))
        try plant.roll()
        let epochs = try plant.batches().map(\.header.partitionLeaderEpoch)
        #expect(epochs[1] < epochs[2])
        try plant.compact()
        #expect(try plant.batches().map(\.offsets) == [0..<2, 2..<4, 4..<5])
        #expect(try plant.batches().map(\.header.partitionLeaderEpoch) == [epochs[1], epochs[2], epochs[2]])
    }

    // MARK: Tombstones

    @Test("keeps a tombstone for a day from when it was first met, and then no longer")
    func tombstones() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"), .put("b", "1"))
        try plant.append(.delete("a"), .put("c", "1"))
        try plant.roll()
        let before = try plant.read()[1].records
        plant.clock.advance(milliseconds: 10 * Self.day)
        try plant.compact()
        #expect(try plant.offsets() == [1, 2, 3])
        let batch = try plant.read()[1]
        #expect(batch.header.attributes.hasDeleteHorizon)
        #expect(batch.header.baseTimestamp == time(plant.clock.wall.millisecondsSince1970 + Self.day))
        #expect(batch.records == before, "the horizon stands in the base timestamp, and the records' times stay")

        for (wait, left) in [(Self.day - 1, [1, 2, 3]), (1, [1, 3])] as [(Int64, [Int64])] {
            plant.clock.advance(milliseconds: wait)
            try plant.append(.put("x", "1"))
            try plant.roll()
            try plant.compact()
            #expect(try plant.offsets().filter { $0 < 4 } == left)
        }
        #expect(try plant.state().state == ["b": "1", "c": "1", "x": "1"])
    }

    @Test("removes a tombstone that a later record replaces at once")
    func replacedTombstone() throws {
        let plant = try KeyedLog()
        try plant.append(.delete("a"))
        try plant.append(.put("a", "1"))
        try plant.roll()
        try plant.compact()
        #expect(try plant.offsets() == [1])
    }

    @Test("lets no tombstone go that may hide a record which nobody can decode")
    func undecodable() throws {
        let plant = try KeyedLog()
        var broken = try keyedBatch([.put("a", "1")], codec: .zstd)
        broken[61] ^= 0xff
        try plant.append(signed(broken))
        try plant.append(.delete("a"))
        try plant.append(.put("b", "1"))
        for _ in 0..<3 {
            try plant.roll()
            let report = try #require(try plant.compact())
            #expect(report.undecodable == 1 && report.tombstones == 0)
            let headers = try plant.headers()
            #expect(headers[0].recordCount == 1 && headers[1].recordCount == 1)
            plant.clock.advance(milliseconds: 2 * Self.day)
            try plant.append(.put("c", "1"))
        }
    }

    @Test("takes no key from a batch of which it cannot decode every record")
    func halfDecodable() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"))
        var broken = try keyedBatch([.put("a", "2"), .put("b", "1")])
        // The last byte is the last header's value; now it is the length of one that is not there.
        broken.removeLast()
        try plant.append(signed(broken))
        try plant.roll()
        try plant.compact()
        #expect(try plant.headers().map(\.recordCount) == [1, 2])
    }

    // MARK: Producers and transactions

    @Test("leaves the header of each producer's last batch, with its sequence numbers")
    func lastBatch() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"), by: .idempotent(7, sequence: 0))
        try plant.append(.put("a", "2"), .put("a", "3"), by: .idempotent(7, sequence: 1))
        try plant.append(.put("a", "4"), by: .idempotent(8, sequence: 0))
        try plant.append(.put("a", "5"))
        try plant.roll()
        try plant.compact()
        let batches = try plant.batches()
        #expect(batches.map(\.offsets) == [0..<1, 1..<3, 3..<4, 4..<5])
        #expect(batches.map(\.header.producerID) == [-1, 7, 8, -1])
        #expect(batches.map(\.header.baseSequence) == [-1, 1, 0, -1])
        #expect(batches.map(\.header.recordCount) == [0, 0, 0, 1])
        // Who has been silent for seven days is forgotten by the broker too.
        plant.clock.advance(milliseconds: 7 * Self.day)
        try plant.append(.put("a", "6"))
        try plant.roll()
        try plant.compact()
        #expect(try plant.batches().map(\.offsets) == [0..<5, 5..<6])
    }

    @Test("drops aborted records at once, and their marker when its time is over")
    func aborted() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"))
        try plant.append(.put("a", "2"), by: .transactional(7))
        try plant.append(.put("b", "1"), by: .transactional(8))
        try plant.append(marker(.abort, of: 7))
        try plant.append(marker(.commit, of: 8))
        try plant.append(.put("x", "1"), by: .transactional(7, sequence: 1))
        try plant.append(marker(.commit, of: 7))
        try plant.roll()
        let before = try plant.state()
        let report = try #require(try plant.compact())
        #expect(report.abortedBatches == 1)
        #expect(before.state == ["a": "1", "b": "1", "x": "1"])
        #expect(try plant.state() == before)
        #expect(try plant.batches().map(\.offsets) == [0..<1, 1..<2, 2..<3, 3..<4, 4..<5, 5..<6, 6..<7])
        plant.clock.advance(milliseconds: Self.day)
        try plant.append(.put("y", "1"))
        try plant.roll()
        try plant.compact()
        let after = try plant.batches()
        #expect(after.map(\.offsets) == [0..<1, 1..<2, 2..<3, 3..<4, 4..<5, 5..<6, 6..<7, 7..<8])
        #expect(after[3].marker == nil, "nothing of its transaction is left")
        #expect(after[4].marker?.kind == .commit && after[6].marker?.kind == .commit, "their records are there")
        #expect(try plant.state().state == ["a": "1", "b": "1", "x": "1", "y": "1"])
    }

    @Test("knows that a transaction was aborted from the marker behind the segments it compacts")
    func abortedLater() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"))
        try plant.append(.put("a", "2"), by: .transactional(7))
        try plant.roll()
        try plant.append(marker(.abort, of: 7))
        try plant.compact()
        #expect(try plant.offsets() == [0])
    }

    @Test("touches nothing from an open transaction's first record on")
    func openTransaction() throws {
        let plant = try KeyedLog()
        try plant.append(.put("a", "1"))
        try plant.append(.put("a", "2"))
        try plant.roll()
        try plant.append(.put("a", "3"), by: .transactional(7))
        try plant.append(.put("a", "4"))
        try plant.roll()
        try plant.append(.put("a", "5"))
        try plant.compact()
        #expect(try plant.offsets() == [1, 2, 3, 4])
        try plant.append(marker(.commit, of: 7))
        try plant.roll()
        try plant.compact()
        #expect(try plant.offsets() == [4])
    }

    // MARK: Segments

    @Test("touches neither the active segment nor anything at or above the limit")
    func bounds() throws {
        let plant = try KeyedLog()
        for number in 0..<3 {
            try plant.append(.put("a", "\(number)"))
            try plant.roll()
        }
        try plant.append(.put("a", "3"))
        try plant.compact(below: Offset(2))
        #expect(try plant.offsets() == [1, 2, 3])
        try plant.compact()
        #expect(try plant.offsets() == [2, 3])
    }

    @Test("makes neighbours that fit into one segment one, and their files go")
    func merges() throws {
        let plant = try KeyedLog()
        for number in 0..<40 {
            try plant.append(.put("k\(number % 3)", "\(number) " + String(repeating: "z", count: 90)))
        }
        try plant.roll()
        #expect(plant.logFiles.count > 6)
        let report = try #require(try plant.compact())
        #expect(report.segmentsAfter < report.segmentsBefore && report.bytesAfter < report.bytesBefore / 3)
        #expect(plant.logFiles.count == 2)
        #expect(plant.disk.paths.filter { $0.hasSuffix(".seal") }.count == 1)
        #expect(plant.disk.paths.allSatisfy { !$0.hasSuffix(".swap") && !$0.hasSuffix(".cleaned") })
        #expect(try plant.offsets() == [37, 38, 39])
        // What joins an unchanged segment is copied behind it.
        for number in 40..<43 { try plant.append(.put("n\(number)", "1")) }
        try plant.roll()
        try plant.compact()
        #expect(plant.logFiles.count == 2)
        #expect(try plant.offsets() == [37, 38, 39, 40, 41, 42])
    }

    @Test("done again, changes nothing; with nothing new, is not due")
    func idempotent() throws {
        let plant = try KeyedLog()
        for number in 0..<40 { try plant.append(.put("k\(number % 7)", "\(number)")) }
        try plant.roll()
        try plant.compact()
        // What it left may be small enough to be joined.
        try plant.forgetCompactions()
        try plant.compact()
        let bytes = try plant.batches().map(\.bytes)
        #expect(try plant.compact() == nil)
        // The seal without its flag, as an older start writes it.
        try plant.forgetCompactions()
        let operations = plant.disk.count(of: .write)
        _ = try #require(try plant.compact())
        #expect(try plant.batches().map(\.bytes) == bytes)
        // Only the seals were written.
        #expect(plant.disk.count(of: .write) - operations == plant.logFiles.count - 1)
        #expect(try plant.compact() == nil)
    }

    @Test("takes as many passes as its map needs, and comes to the same", arguments: [4096, 8192, 1 << 20])
    func passes(mapBytes: Int) throws {
        var plant = try KeyedLog(segmentBytes: 16 << 10)
        plant.policy.mapBytes = mapBytes
        var generator = SeededGenerator(seed: 5)
        for number in 0..<400 {
            try plant.append(
                .put("k\(generator.below(900))", "\(number)"), .put("k\(generator.below(900))", "\(number)"),
                .put("k\(generator.below(900))", "\(number)"))
        }
        try plant.roll()
        let before = try plant.state()
        let report = try #require(try plant.compact())
        #expect((report.passes == 1) == (mapBytes == 1 << 20))
        #expect(try plant.state() == before)
        #expect(try plant.offsets() == before.last.values.map(\.offset.rawValue).sorted())
    }

    @Test("dropped between two passes, has shown no key again whose tombstone's time is over")
    func droppedBetweenPasses() throws {
        var plant = try KeyedLog(segmentBytes: 4096)
        plant.policy.mapBytes = 4096
        for number in 0..<80 {
            try plant.append(
                .put("k\(4 * number)", "1"), .put("k\(4 * number + 1)", "1"),
                .put("k\(4 * number + 2)", "1"), .put("k\(4 * number + 3)", "1"))
        }
        for number in 0..<320 { try plant.append(.delete("k\(number)")) }
        try plant.roll()
        for steps in stride(from: 10, through: 90, by: 4) {
            do {
                guard let run = try plant.compaction(secret: UInt64(steps)) else { break }
                var number = 0
                while number < steps, case .working = try run.step() { number += 1 }
            }
            #expect(try plant.state().state.isEmpty, "after \(steps) steps")
            plant.clock.advance(milliseconds: 2 * Self.day)
            try plant.append(.put("x", "1"), .delete("x"))
            try plant.roll()
        }
        while try plant.compact() != nil {}
        #expect(try plant.state().state.isEmpty)
    }

    @Test("refuses a partition with damage, and leaves it as it is")
    func damage() throws {
        let plant = try KeyedLog()
        for number in 0..<30 { try plant.append(.put("a", "\(number) " + String(repeating: "z", count: 90))) }
        try plant.roll()
        let files = plant.disk.paths.sorted()
        let damaged = try #require(plant.logFiles.sorted().dropFirst(2).first)
        let file = try plant.disk.open(damaged, .readWrite)
        // A bit of the leader epoch: no batch's own checksum tells.
        #expect(try [UInt8(9)].withUnsafeBytes { try file.write($0, at: 15) } == 1)
        let error = #expect(throws: LogStoreError.self) { try plant.compact() }
        #expect(error?.code == .corrupt)
        #expect(plant.disk.paths.sorted() == files)
    }

    @Test("ends when a deletion takes its segments, and leaves nothing behind")
    func deletedMeanwhile() throws {
        let plant = try KeyedLog()
        for number in 0..<30 { try plant.append(.put("a", "\(number) " + String(repeating: "z", count: 90))) }
        try plant.roll()
        let run = try #require(try plant.compaction())
        // Until it has written something.
        while !plant.disk.paths.contains(where: { $0.hasSuffix(".cleaned") }) { _ = try run.step() }
        try plant.log.deleteRecords(of: plant.partition, below: Offset(29))
        while case .working = try run.step() {}
        #expect(plant.disk.paths.allSatisfy { !$0.hasSuffix(".swap") && !$0.hasSuffix(".cleaned") })
        #expect(try plant.offsets() == [29])
    }

    @Test("that is dropped leaves nothing that the next one does not remove, and there is only one at a time")
    func dropped() throws {
        let plant = try KeyedLog()
        for number in 0..<30 { try plant.append(.put("a", "\(number) " + String(repeating: "z", count: 90))) }
        try plant.roll()
        do {
            let run = try #require(try plant.compaction())
            while !plant.disk.paths.contains(where: { $0.hasSuffix(".cleaned") }) { _ = try run.step() }
            #expect(try plant.compaction() == nil)
        }
        #expect(plant.disk.paths.contains { $0.hasSuffix(".cleaned") })
        try plant.log.deleteRecords(of: plant.partition, below: Offset(15))
        try plant.compact()
        #expect(plant.disk.paths.allSatisfy { !$0.hasSuffix(".swap") && !$0.hasSuffix(".cleaned") })
        #expect(try plant.offsets() == [29])
    }

    @Test("leaves a reader of an old segment what it has opened")
    func reader() throws {
        let plant = try KeyedLog()
        for number in 0..<30 { try plant.append(.put("a", "\(number) " + String(repeating: "z", count: 90))) }
        try plant.roll()
        let slices = try plant.log.slices(plant.partition, from: .zero, upTo: Offset(30), maxBytes: 1 << 20)
        let before = try slices.map { try $0.file.bytes(at: $0.position, count: $0.length) }
        try plant.compact()
        #expect(try slices.map { try $0.file.bytes(at: $0.position, count: $0.length) } == before)
        #expect(try plant.offsets() == [29])
    }
}

extension KeyedLog {
    /// Of batches that need not decode.
    fileprivate func headers() throws -> [RecordBatchHeader] {
        var headers: [RecordBatchHeader] = []
        _ = try LogVerification.run(Self.path, disk: disk.afterKill()) { _, bytes in
            if let header = try? bytes.withUnsafeBytes({ try RecordBatchHeader(decoding: $0) }) {
                headers.append(header)
            }
        }
        return headers
    }

    /// Takes the flag out of every seal.
    fileprivate func forgetCompactions() throws {
        for path in disk.paths where path.hasSuffix(".seal") {
            let file = try disk.open(path, .readWrite)
            var seal = try #require(SegmentSeal(decoding: try file.bytes(at: 0, count: 4096)))
            seal.isCompacted = false
            #expect(try seal.encoded.withUnsafeBytes { try file.write($0, at: 0) } == SegmentSeal.encodedSize)
        }
    }
}
