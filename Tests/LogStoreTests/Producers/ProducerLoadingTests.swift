import LogStore
import RecordFormat
import Testing

@Suite("Producers of a log that is opened")
struct ProducerLoadingTests {
    /// Some segments of batches of three producers and of nobody. One transaction stays open.
    private func log() throws -> (TemporaryLog, Partition, ProducerStates) {
        let temporary = try TemporaryLog(segmentBytes: 1500)
        let orders = try temporary.createTopic("orders")
        var batches: [[UInt8]] = []
        for number in 0..<Int32(40) {
            batches.append(producerBatch(2, of: 1, epoch: 3, sequence: 2 * number))
            batches.append(batch(["nobody's"]))
            if number % 5 == 0 {
                batches.append(producerBatch(of: 2, sequence: number / 5, transactional: true))
                if number < 35 { batches.append(transactionEnd(number % 2 == 0 ? .commit : .abort, of: 2)) }
            }
            if number == 0 { batches.append(producerBatch(of: 3, sequence: 0)) }
        }
        var states = ProducerStates(at: .zero)
        for batch in batches {
            try temporary.commit([batch], to: orders)
            try batch.withUnsafeBytes { bytes in
                var header = try RecordBatchHeader(decoding: bytes)
                header.baseOffset = states.end
                states.apply(header, marker: TransactionMarker(of: bytes), at: temporary.log.now)
            }
        }
        // What was decided is certain once it is synced, and is not in a snapshot.
        states.noteHighWatermark(states.end)
        return (temporary, orders, states)
    }

    private func known(_ temporary: TemporaryLog) throws -> ProducerStates {
        var states = try temporary.log.producers(of: try temporary.partition("orders"))
        states.noteHighWatermark(states.end)
        return states
    }

    @Test("are what its batches make them, before and after a start")
    func all() throws {
        let (temporary, orders, expected) = try log()
        #expect(try temporary.names(orders, suffix: ".log").count > 3)
        #expect(try known(temporary) == expected)
        try temporary.reopen()
        #expect(try known(temporary) == expected)
        #expect(expected.lastStableOffset(below: expected.end) < expected.end)
    }

    @Test("have two snapshots: of the newest segment's beginning and of the one's before")
    func snapshots() throws {
        let (temporary, orders, _) = try log()
        let bases = try temporary.names(orders, suffix: ".log").map { $0.prefix(20) }
        #expect(try temporary.names(orders, suffix: ".snapshot").map { $0.prefix(20) } == bases.suffix(2))
    }

    @Test("are the same when snapshots are damaged or gone", arguments: [1, 2], [true, false])
    func lostSnapshots(count: Int, isDamaged: Bool) throws {
        let (temporary, orders, expected) = try log()
        for name in try temporary.names(orders, suffix: ".snapshot").suffix(count) {
            let path = orders.path + "/" + name
            if isDamaged {
                var bytes = try #require(try PosixDisk().bytes(of: path))
                bytes[bytes.count / 2] ^= 4
                try temporary.overwrite(path, with: bytes)
            } else {
                try PosixDisk().remove(path)
            }
        }
        try temporary.reopen()
        #expect(try known(temporary) == expected)
    }

    @Test("are not believed beyond the end of the log, which may reach that offset again with other batches")
    func staleSnapshot() throws {
        let (temporary, orders, expected) = try log()
        var later = expected
        later.apply(try header(base: later.end.rawValue, producer: 9, sequence: 0), at: time(0))
        try temporary.overwrite(
            orders.path + "/" + SegmentName.snapshot(later.end),
            with: later.encodedSnapshot(
                of: ProducerStates.Owner(topicID: orders.topicID, partition: orders.topicPartition.partition)))
        try temporary.reopen()
        try temporary.commit([batch(["another"])], to: try temporary.partition("orders"))
        #expect(try known(temporary).producers[9] == nil)
        #expect(try known(temporary).end == later.end)
    }

    @Test("are not believed from another partition's snapshot of the same offset")
    func exchangedSnapshot() throws {
        let (temporary, orders, expected) = try log()
        let other = ProducerStates.Owner(topicID: orders.topicID, partition: orders.topicPartition.partition + 1)
        for name in try temporary.names(orders, suffix: ".snapshot") {
            let offset = try #require(SegmentName.base(of: name, suffix: ".snapshot"))
            try temporary.overwrite(
                orders.path + "/" + name, with: ProducerStates(at: offset).encodedSnapshot(of: other))
        }
        try temporary.reopen()
        #expect(try known(temporary) == expected)
    }

    @Test("write a snapshot at a clean stop if they were needed")
    func cleanStop() throws {
        let (temporary, orders, expected) = try log()
        // A marker makes the writer load them.
        try temporary.commit([transactionEnd(.commit, of: 2)], to: orders)
        try temporary.reopen()
        let name = SegmentName.snapshot(expected.end.advanced(by: 1))
        #expect(try temporary.names(orders, suffix: ".snapshot").contains(name))
        #expect(try known(temporary).lastStableOffset(below: expected.end) == expected.end)
    }
}

extension PosixDisk {
    fileprivate func bytes(of path: String) throws -> [UInt8]? {
        let file = try open(path, .read)
        defer { file.close() }
        var bytes = [UInt8](repeating: 0, count: try file.size())
        let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        return count == bytes.count ? bytes : nil
    }
}
