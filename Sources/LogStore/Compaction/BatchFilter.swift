import RecordFormat

/// Decides what of a batch stays: the heart of a compaction. It is given every batch from the log start on, in order.
///
/// | what                                             | stays                                                                   |
/// |:-------------------------------------------------|:------------------------------------------------------------------------|
/// | a record that a later one of its key replaces    | no                                                                      |
/// | a tombstone, the last of its key                 | until its batch's delete horizon, which is set when it is first met     |
/// | any other record that is the last of its key     | yes                                                                     |
/// | a record whose key is not in the pass's class    | yes                                                                     |
/// | a record without a key; a batch nobody decodes   | yes, and it is counted                                                  |
/// | records of an aborted transaction                | no                                                                      |
/// | a marker                                         | while a batch of its transaction does, then until its delete horizon    |
/// | a batch that has lost all records                | as a header, if it is its producer's last (``LastBatches``)             |
struct BatchFilter: ~Copyable {
    enum Verdict: Equatable {
        case keep
        case replace([UInt8])
        case remove
    }

    private let aborted: AbortedSpans
    private let lastOfProducer: Set<Offset>
    private let secret: KeyDigest.Secret
    private let now: Timestamp
    private let newHorizon: Timestamp
    private var decoder = RecordDecoder()
    private var compressor = RecordCompressor(.uncompressed)
    /// Producers of which a transactional batch stays for which no marker has come yet.
    private var observed: Set<Int64> = []
    /// Behind a batch that nobody decodes no tombstone goes: it may be all that hides a record in there.
    private var isBehindUndecodable = false
    private(set) var report = CompactionReport()

    init(
        aborted: AbortedSpans, lastOfProducer: Set<Offset>, secret: KeyDigest.Secret, now: Timestamp,
        deleteRetention: Duration
    ) {
        self.aborted = aborted
        self.lastOfProducer = lastOfProducer
        self.secret = secret
        self.now = now
        newHorizon = now.advanced(by: deleteRetention)
    }

    /// - Parameter wholeBatch: its CRC was checked.
    /// - Throws: `.outOfMemory` of a codec.
    mutating func judge(
        _ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer, _ keys: borrowing KeyOffsets
    ) throws(RecordFormatError) -> Verdict {
        if header.recordCount == 0 { return judgeEmpty(header) }
        if header.attributes.isControl { return try judgeMarker(header, wholeBatch) }
        if aborted.contains(header) {
            report.abortedBatches += 1
            return withoutRecords(header)
        }
        let verdict: Verdict
        do throws(RecordFormatError) {
            verdict = try judgeRecords(header, wholeBatch, keys)
        } catch {
            if error.code == .outOfMemory { throw error }
            report.undecodable += 1
            isBehindUndecodable = true
            verdict = .keep
        }
        if verdict != .remove, header.attributes.isTransactional { observed.insert(header.producerID) }
        return verdict
    }

    // MARK: Batches without records

    private mutating func judgeEmpty(_ header: RecordBatchHeader) -> Verdict {
        guard header.producerID >= 0, lastOfProducer.contains(header.lastOffset) else { return .remove }
        if header.attributes.isTransactional, !header.attributes.isControl { observed.insert(header.producerID) }
        return .keep
    }

    private mutating func withoutRecords(_ header: RecordBatchHeader) -> Verdict {
        guard header.producerID >= 0, lastOfProducer.contains(header.lastOffset) else { return .remove }
        // Kafka's own replay would take such a batch for the begin of a transaction, so it keeps its marker.
        if header.attributes.isTransactional, !header.attributes.isControl { observed.insert(header.producerID) }
        return .replace(header.emptied())
    }

    // MARK: Markers

    private mutating func judgeMarker(
        _ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer
    ) throws(RecordFormatError) -> Verdict {
        // Control records of other kinds are none of ours.
        guard TransactionMarker(of: wholeBatch) != nil else { return .keep }
        if observed.remove(header.producerID) != nil { return .keep }
        if header.attributes.hasDeleteHorizon {
            if now < header.baseTimestamp { return .keep }
            report.markers += 1
            return withoutRecords(header)
        }
        return .replace(
            try decoder.withRecords(of: wholeBatch) { [newHorizon] cursor throws(RecordFormatError) in
                var records: [RecordSlices] = []
                while let record = try cursor.next() { records.append(record) }
                return header.keeping(records, deleteHorizon: newHorizon)
            })
    }

    // MARK: Records

    /// What is found in a batch.
    private struct Found {
        var kept: [UInt8]?
        var superseded = 0
        var tombstones = 0
        var keyless = 0
    }

    private mutating func judgeRecords(
        _ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer, _ keys: borrowing KeyOffsets
    ) throws(RecordFormatError) -> Verdict {
        let isPast = header.attributes.hasDeleteHorizon && now >= header.baseTimestamp && !isBehindUndecodable
        let newHorizon = header.attributes.hasDeleteHorizon ? nil : newHorizon
        let secret = secret
        var found = Found()
        var isChanged = false
        try decoder.withRecords(of: wholeBatch) { cursor throws(RecordFormatError) in
            var kept: [RecordSlices] = []
            kept.reserveCapacity(Int(header.recordCount))
            var hasTombstone = false
            while let record = try cursor.next() {
                guard let key = record.key else {
                    found.keyless += 1
                    kept.append(record)
                    continue
                }
                let digest = KeyDigest(key, secret)
                if keys.keyClass.contains(digest) {
                    if keys.supersedes(digest, at: record.offset) {
                        found.superseded += 1
                        continue
                    }
                    if record.value == nil, isPast || PlantedBug.tombstoneEarly.isActive {
                        found.tombstones += 1
                        continue
                    }
                }
                if record.value == nil { hasTombstone = true }
                kept.append(record)
            }
            let horizon = hasTombstone ? newHorizon : nil
            isChanged = kept.count < Int(header.recordCount) || horizon != nil
            if isChanged, !kept.isEmpty { found.kept = header.keeping(kept, deleteHorizon: horizon) }
        }
        report.superseded += found.superseded
        report.tombstones += found.tombstones
        report.keyless += found.keyless
        if !isChanged { return .keep }
        guard let kept = found.kept else { return withoutRecords(header) }
        return .replace(try compressed(kept, header.attributes.codec ?? .uncompressed))
    }

    private mutating func compressed(
        _ batch: [UInt8], _ codec: RecordBatchAttributes.Codec
    ) throws(RecordFormatError) -> [UInt8] {
        if codec == .uncompressed { return batch }
        if compressor.codec != codec { compressor = RecordCompressor(codec) }
        return try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            try compressor.compressed(bytes)
        }
    }
}
