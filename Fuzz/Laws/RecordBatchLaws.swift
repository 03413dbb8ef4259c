import LogStore
import RecordFormat

extension FuzzTarget {
    /// A whole batch, compressed or not.
    ///
    /// | bits of the first byte | meaning                                                       |
    /// |-----------------------:|:--------------------------------------------------------------|
    /// |                      0 | length, magic and CRC are left as they are                    |
    /// |                    1–2 | the codec that the records are compressed with once more      |
    static let recordBatch = FuzzTarget("record-batch", longest: 2048) {
        [
            Seed("plain", GoldenBatches.plain), Seed("empty", GoldenBatches.empty),
            Seed("transactional", GoldenBatches.produced(sequence: 3, isTransactional: true)),
            Seed("marker", GoldenBatches.marker(.abort)), Seed("as-it-is", choices: 1, GoldenBatches.plain),
        ] + GoldenBatches.codecs.map { Seed("\($0)", GoldenBatches.compressed($0)) }
            + (1...3).map { Seed("plain-\($0)", choices: UInt8($0 << 1), GoldenBatches.plain) }
    } laws: { input throws(BrokenLaw) in
        var bytes = input.bytes
        if !input.has(0) { bytes.sealBatch() }
        return try RecordBatchLaws(bytes).check(codec: input.pick(GoldenBatches.codecs, by: 1))
    }
}

/// What holds of one batch.
struct RecordBatchLaws {
    /// Far below what the product allows, so that the fuzzer meets them.
    static let limits = DecompressionLimits(maxBytes: 1 << 20, maxRatio: 1000, freeBytes: 64 << 10)

    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private enum Outcome: Equatable {
        case records([StoredRecord])
        case refused(RecordFormatError.Code)
    }

    /// - Returns: whether the batch has records, or is a sound one without.
    func check(codec: RecordBatchAttributes.Codec) throws(BrokenLaw) -> Bool {
        let header = header(of: bytes)
        try checkQuickWay(header)
        guard let header else { return false }
        var decoder = RecordDecoder(limits: Self.limits)
        let outcome = outcome(of: bytes, &decoder)
        try checkWalk(outcome, header, &decoder)
        try demand(self.outcome(of: bytes, &decoder) == outcome, "The same decoder reads the batch otherwise again")
        try checkDecoder(&decoder, header)
        try checkCompressing(outcome, header, with: codec)
        _ = bytes.withUnsafeBytes { TransactionMarker(of: $0) }
        guard case .records(let records) = outcome else { return false }
        try checkBuilding(records)
        try demand(self.outcome(of: header.emptied(), &decoder) == .records([]), "An emptied batch has records")
        return true
    }

    private func outcome(of batch: [UInt8], _ decoder: inout RecordDecoder) -> Outcome {
        do throws(RecordFormatError) {
            return .records(
                try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                    try decoder.records(of: bytes)
                })
        } catch {
            return .refused(error.code)
        }
    }

    private func header(of batch: [UInt8]) -> RecordBatchHeader? {
        do throws(RecordFormatError) {
            return try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try RecordBatchHeader.validate(bytes)
            }
        } catch {
            return nil
        }
    }

    /// The scanner's way of looking at a batch must say what validating it says.
    private func checkQuickWay(_ header: RecordBatchHeader?) throws(BrokenLaw) {
        let quick = bytes.withUnsafeBytes { RecordBatchHeader(soundAtStartOf: $0) }
        guard let quick, quick.totalSize != bytes.count else {
            return try demand(
                quick == header, "The quick way sees \(String(describing: quick)), not \(String(describing: header))")
        }
        try demand(self.header(of: Array(bytes.prefix(quick.totalSize))) == quick, "Only the quick way takes \(quick)")
    }

    /// The walk gives as many records as announced, in order, out of no more bytes than are allowed.
    private func checkWalk(
        _ outcome: Outcome, _ header: RecordBatchHeader, _ decoder: inout RecordDecoder
    ) throws(BrokenLaw) {
        var walked: [StoredRecord] = []
        var kept: [UInt8] = []
        var size = 0
        var failure: RecordFormatError.Code?
        do throws(RecordFormatError) {
            try bytes.span.bytes.withUnsafeBytes { batch throws(RecordFormatError) in
                try decoder.withRecords(of: batch) { cursor throws(RecordFormatError) in
                    var slices: [RecordSlices] = []
                    while let record = try cursor.next() {
                        size += (record.key?.count ?? 0) + (record.value?.count ?? 0) + record.headerCount
                        walked.append(record.storedRecord())
                        slices.append(record)
                    }
                    if !slices.isEmpty { kept = header.keeping(slices, deleteHorizon: nil) }
                }
            }
        } catch {
            failure = error.code
        }
        let isControl = header.attributes.isControl
        switch outcome {
        case .records(let records):
            try demand(walked == records && failure == nil, "The walk ends with \(String(describing: failure))")
        case .refused(.controlBatch): try demand(isControl, "Refused as a control batch, which it is not")
        case .refused(let code):
            try demand(failure == code, "Refused with \(code), walked to \(String(describing: failure))")
        }
        try demand(size <= allowedBytes(header), "\(size) bytes came out of \(bytes.count)")
        try demand(zip(walked, walked.dropFirst()).allSatisfy { $0.offset < $1.offset }, "Offsets fall")
        try demand(
            walked.allSatisfy { $0.offset >= header.baseOffset && $0.offset <= header.lastOffset },
            "Offsets lie outside")
        try demand(walked.count <= Int(header.recordCount), "More records than announced")
        guard failure == nil else { return }
        try demand(walked.count == Int(header.recordCount), "\(walked.count) records of \(header.recordCount)")
        if isControl || kept.isEmpty { return }
        try demand(
            self.outcome(of: kept, &decoder) == .records(walked), "A compaction that keeps all changes the records")
    }

    private func allowedBytes(_ header: RecordBatchHeader) -> Int {
        let count = bytes.count - RecordBatchHeader.encodedSize
        if header.attributes.codec == .uncompressed { return count }
        return min(Self.limits.maxBytes, max(Self.limits.freeBytes, count * Self.limits.maxRatio))
    }

    /// Whatever came before, the next batch of the same codec is read.
    private func checkDecoder(_ decoder: inout RecordDecoder, _ header: RecordBatchHeader) throws(BrokenLaw) {
        guard let codec = header.attributes.codec, let golden = Self.golden[codec] else { return }
        try demand(
            outcome(of: golden, &decoder)
                == .records(
                    GoldenBatches.records.enumerated().map { place, record in
                        StoredRecord(offset: Offset(Int64(place)), record: record)
                    }), "The decoder does not go on behind a batch of \(codec)")
    }

    private static let golden = Dictionary(
        uniqueKeysWithValues: GoldenBatches.codecs.map { ($0, GoldenBatches.compressed($0)) })

    /// Compressed, it reads as it does plain.
    private func checkCompressing(
        _ outcome: Outcome, _ header: RecordBatchHeader, with codec: RecordBatchAttributes.Codec
    ) throws(BrokenLaw) {
        guard header.attributes.codec == .uncompressed, header.recordCount > 0 else { return }
        var compressor = RecordCompressor(codec)
        var decoder = RecordDecoder(limits: Self.limits)
        let compressed: [UInt8]
        do throws(RecordFormatError) {
            compressed = try bytes.span.bytes.withUnsafeBytes { batch throws(RecordFormatError) in
                try compressor.compressed(batch)
            }
        } catch {
            throw BrokenLaw(description: "\(codec) does not compress it: \(error)")
        }
        try demand(self.outcome(of: compressed, &decoder) == outcome, "Compressed with \(codec), it reads otherwise")
    }

    /// The same records, built anew, are the same records.
    private func checkBuilding(_ records: [StoredRecord]) throws(BrokenLaw) {
        if records.isEmpty { return }
        var decoder = RecordDecoder(limits: Self.limits)
        var builder = RecordBatchBuilder()
        builder.append(contentsOf: records.map(\.record))
        guard case .records(let again) = outcome(of: builder.finish(), &decoder) else {
            throw BrokenLaw(description: "Records that were decoded do not make a batch")
        }
        try demand(again.map(\.record) == records.map(\.record), "Records change when they are encoded again")
    }
}
