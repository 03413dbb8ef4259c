import LogStore
import RecordFormat

/// Shows what is in one segment file.
struct SegmentDump {
    let path: String
    let name: String
    let disk: any Disk

    private static let batchColumns = [
        "base_offset", "last_offset", "byte", "size", "records", "max_timestamp", "leader_epoch", "codec", "crc",
        "producer_id", "transaction",
    ]
    private static let recordColumns = ["offset", "timestamp", "headers", "key", "value"]

    /// - Returns: a row per batch or record, and a line for everything that is not as it should be.
    func run(records: Bool) throws(DiskError) -> (rows: Listing, bad: [String]) {
        let file = try disk.open(path, .read)
        defer { file.close() }
        var walk = try SegmentWalk(file, base: SegmentName.base(of: name, suffix: ".log") ?? .zero)
        var rows = Listing(records ? Self.recordColumns : Self.batchColumns)
        var bad: [String] = []
        var decoder = RecordDecoder()
        while let step = try walk.next() {
            switch step {
            case .gap(let position, let reason): bad.append("byte \(position): \(reason)")
            case .batch(let batch):
                if let defect = batch.defect { bad.append("byte \(batch.position): \(defect)") }
                guard records else {
                    rows.add(Self.row(batch, walk.bytes))
                    continue
                }
                if batch.header == nil { continue }
                do throws(RecordFormatError) {
                    try Self.add(walk.bytes, to: &rows, &decoder)
                } catch {
                    bad.append("byte \(batch.position): \(error)")
                }
            }
        }
        return (rows, bad)
    }

    private static func row(_ batch: SegmentWalk.Batch, _ bytes: [UInt8]) -> [JSONValue] {
        let header = batch.header
        func value(_ field: (RecordBatchHeader) -> JSONValue) -> JSONValue { header.map(field) ?? .null }
        return [
            .integer(batch.baseOffset), value { .integer($0.lastOffset.rawValue) }, .integer(Int64(batch.position)),
            .integer(Int64(batch.size)), value { .integer(Int64($0.recordCount)) },
            value { .integer($0.maxTimestamp.millisecondsSince1970) }, .integer(Int64(batch.leaderEpoch)),
            value { $0.attributes.codec.map { .text(name(of: $0)) } ?? .null },
            .text(batch.isChecksumGood ? "good" : "bad"), value { .integer($0.producerID) },
            value { transaction($0, bytes) },
        ]
    }

    /// Kafka's name.
    private static func name(of codec: RecordBatchAttributes.Codec) -> String {
        codec == .uncompressed ? "none" : "\(codec)"
    }

    private static func transaction(_ header: RecordBatchHeader, _ bytes: [UInt8]) -> JSONValue {
        if header.attributes.isControl {
            guard let marker = bytes.withUnsafeBytes({ TransactionMarker(of: $0) }) else { return .text("control") }
            return .text("\(marker.kind)")
        }
        return header.attributes.isTransactional ? .text("part") : .null
    }

    private static func add(
        _ batch: [UInt8], to rows: inout Listing, _ decoder: inout RecordDecoder
    ) throws(RecordFormatError) {
        try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                while let record = try cursor.next() { rows.add(row(record.storedRecord())) }
            }
        }
    }

    private static func row(_ stored: StoredRecord) -> [JSONValue] {
        let record = stored.record
        let headers = record.headers.map {
            JSONValue.object([("key", .text($0.key)), ("value", text($0.value).map { .text($0) } ?? .null)])
        }
        return [
            .integer(stored.offset.rawValue), .integer(record.timestamp.millisecondsSince1970), .array(headers),
            text(record.key).map { .text($0) } ?? .null, text(record.value).map { .text($0) } ?? .null,
        ]
    }

    /// For a look: bytes that are no text are shown in hex.
    private static func text(_ bytes: [UInt8]?) -> String? {
        guard let bytes else { return nil }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
