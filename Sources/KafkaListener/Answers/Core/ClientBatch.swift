import KafkaWire
import RecordFormat

/// What a client's record batch must be, before it goes into the log (Kafka's `LogValidator`).
enum ClientBatch {
    /// - Returns: why it is refused.
    static func refusal(of batch: [UInt8]) -> ErrorCode? {
        batch.span.bytes.withUnsafeBytes { bytes -> ErrorCode? in
            do throws(RecordFormatError) {
                let header = try RecordBatchHeader.validate(bytes)
                guard header.totalSize == bytes.count, header.baseOffset == .zero, !header.attributes.isControl,
                    header.recordCount > 0, Int64(header.recordCount) == Int64(header.lastOffsetDelta) + 1
                else { return .invalidRecord }
                if header.attributes.timestampType == .logAppendTime { return .invalidTimestamp }
                if header.attributes.codec == nil { return .unsupportedCompressionType }
                // A record that does not decode would stop every consumer. Compressed ones are looked at by whoever reads them.
                if header.attributes.codec == .uncompressed {
                    var cursor = try RecordCursor(bytes)
                    while try cursor.next() != nil {}
                }
                return nil
            } catch {
                return error.code == .checksumMismatch ? .corruptMessage : .invalidRecord
            }
        }
    }
}
