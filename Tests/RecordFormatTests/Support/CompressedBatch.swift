import RecordFormat

extension RecordBatchAttributes.Codec {
    static let compressing: [Self] = [.gzip, .snappy, .lz4, .zstd]
}

extension RecordBatchBuilder {
    /// The batch of `records`, compressed.
    static func batch(of records: [Record], _ codec: RecordBatchAttributes.Codec) throws -> [UInt8] {
        var builder = RecordBatchBuilder()
        var compressor = RecordCompressor(codec)
        builder.append(contentsOf: records)
        return try builder.finish(with: &compressor)
    }
}

extension RawBatch {
    /// A compressed batch with these bytes as its records, whatever they are.
    init(_ compressed: [UInt8], _ codec: RecordBatchAttributes.Codec, count: Int32) {
        // The header's own check of the count knows the codec, so that has to be there first.
        self = RawBatch(compressed, count: count).with(21, codec.rawValue)
    }

    /// The records as they stand in the batch.
    var recordBytes: [UInt8] { Array(bytes[61...]) }

    /// The same header and codec over other record bytes.
    func with(recordBytes: [UInt8]) -> RawBatch {
        var copy = self
        copy.bytes = Array(bytes[..<61]) + recordBytes
        copy.set(8, Int32(copy.bytes.count - 12))
        copy.seal()
        return copy
    }

    /// What decoding says is wrong within these limits.
    func error(_ limits: DecompressionLimits) -> RecordFormatError? {
        var decoder = RecordDecoder(limits: limits)
        do throws(RecordFormatError) {
            _ = try bytes.span.bytes.withUnsafeBytes { batch throws(RecordFormatError) in try decoder.records(of: batch)
            }
            return nil
        } catch {
            return error
        }
    }
}

extension Record {
    /// A record of one byte, `count` times.
    static func run(of count: Int) -> Record {
        Record(
            key: nil, value: [UInt8](repeating: 0, count: count),
            timestamp: Timestamp(millisecondsSince1970: 1_700_000_000_000))
    }
}
