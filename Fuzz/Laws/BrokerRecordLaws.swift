import EdgeBroker
import LogStore
import RecordFormat

extension FuzzTarget {
    /// The value of a record in `__catalogue`.
    static let catalogue = FuzzTarget("catalogue", longest: 256) {
        let clients = CatalogueRecord(
            topicID: goldenTopicID, partitionCount: 3, writer: .clients(.synced), keeping: TopicKeeping())
        var buffered = clients
        buffered.writer = .clients(.buffered(syncEvery: .milliseconds(250)))
        buffered.keeping.cleanup = .compactAndDelete
        buffered.keeping.compaction.maximumLag = .seconds(60)
        buffered.keeping.retention.bytes = 1 << 30
        buffered.keeping.segments.bytes = 1 << 20
        var captured = clients
        captured.writer = .capture(slot: "erp")
        return [
            Seed("clients", clients.encoded), Seed("buffered", buffered.encoded), Seed("captured", captured.encoded),
        ]
    } laws: { input throws(BrokenLaw) in
        guard let record = CatalogueRecord(decoding: input.bytes) else { return false }
        try demandRoundTrip(record, encoded: record.encoded) { CatalogueRecord(decoding: $0) }
        return true
    }

    /// A record of `__consumer_offsets`: the key's length in the first byte of the rest, the key, the value. Bit 0 of the first
    /// byte: there is no value.
    static let offsetCommits = FuzzTarget("offset-commits", longest: 256) {
        var committed = CommittedOffset(Offset(4711), leaderEpoch: 3, metadata: "of line 7, ö")
        committed.time = Timestamp(millisecondsSince1970: GoldenBatches.start)
        let record = OffsetCommitRecord(
            group: "mes", partition: TopicPartition(topic: "orders", partition: 2), committed: committed)
        let key = [UInt8(record.key.count)] + record.key
        return [Seed("commit", key + (record.value ?? [])), Seed("tombstone", choices: 1, key)]
    } laws: { input throws(BrokenLaw) in
        let length = Int(input.bytes.first ?? 0)
        let key = Array(input.bytes.dropFirst().prefix(length))
        let value = input.has(0) ? nil : Array(input.bytes.dropFirst(1 + length))
        let decoded = OffsetCommitRecord.decode(key: key, value: value)
        guard case .commit(let record) = decoded else { return false }
        try demand(
            OffsetCommitRecord.decode(key: record.key, value: record.value) == decoded,
            "\(record) does not come back as it was")
        try demand((record.committed == nil) == (value == nil), "A tombstone is none, or the other way round")
        return true
    }

    /// The value of a record in `__transactions.<slot>`.
    static let transactionIndex = FuzzTarget("transaction-index", longest: 512) {
        let ranges = [
            TopicRange(topic: "erp.items", partition: 0, start: Offset(3), end: Offset(5)),
            TopicRange(topic: "erp.orders", partition: 1, start: Offset(0), end: Offset(0)),
        ]
        let intent = SourceIntent(slot: "erp", systemID: "7351", timeline: 1)
        var state = SourceState()
        state.intent = intent
        state.position = LSN(17)
        state.snapshot = .unfinished(id: 9)
        state.relations["erp.items"] = [1, 2, 3]
        let checkpoint = SourceCheckpoint(
            state: state, ends: [TopicPartition(topic: "erp.items", partition: 0): Offset(5)])
        let records: [(String, TransactionIndexRecord)] = [
            ("intent", .intent(intent)),
            ("snapshot-begin", .snapshotBegin(id: 9, topics: ["erp.items", "ö"], consistentPoint: LSN(5))),
            ("snapshot-chunk", .snapshotChunk(id: 9, ranges: ranges)),
            ("snapshot-end", .snapshotEnd(id: 9, consistentPoint: LSN(5))),
            (
                "commit",
                .commit(
                    CommitRecord(
                        commitLSN: LSN(16), endLSN: LSN(17), transactionID: 4, commitTime: 1_700_000_000_000_000,
                        ranges: ranges))
            ),
            ("position", .position(endLSN: LSN(18))), ("relation", .relation(topic: "erp.items", description: [7])),
            ("checkpoint", .checkpoint(checkpoint)),
        ]
        return records.map { Seed($0, $1.encoded) }
    } laws: { input throws(BrokenLaw) in
        func decode(_ bytes: [UInt8]) -> TransactionIndexRecord? {
            do throws(BrokerError) { return try TransactionIndexRecord(decoding: bytes) } catch { return nil }
        }
        guard let record = decode(input.bytes) else { return false }
        try demandRoundTrip(record, encoded: record.encoded, decode: decode)
        try demand(
            record.ranges.allSatisfy { $0.start >= .zero && $0.start <= $0.end },
            "\(record) has a range that ends first")
        return true
    }
}
