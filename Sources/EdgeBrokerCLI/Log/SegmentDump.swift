import LogStore
import RecordFormat

/// Walks one segment file.
struct SegmentDump {
    let path: String
    let name: String
    let disk: any Disk

    /// - Returns: a row per batch or record, and a line for every place that is no whole batch.
    func run(records: Bool) throws(DiskError) -> (rows: Listing, bad: [String]) {
        let file = try disk.open(path, .read)
        defer { file.close() }
        let base = SegmentName.base(of: name, suffix: ".log") ?? .zero
        var scanner = BatchScanner(file, from: 0, to: try file.size(), expecting: base)
        var rows = Listing(
            records
                ? ["offset", "timestamp", "headers", "key", "value"]
                : ["base_offset", "last_offset", "byte", "size", "records", "max_timestamp", "leader_epoch", "codec"])
        var bad: [String] = []
        while true {
            let byte = scanner.position
            switch try scanner.next() {
            case .end: return (rows, bad)
            case .good(let good):
                guard records else {
                    rows.add(Self.row(good))
                    continue
                }
                do throws(RecordFormatError) {
                    for stored in try decode(scanner.bytes(of: good)) { rows.add(Self.row(stored)) }
                } catch {
                    bad.append("byte \(byte): \(error)")
                }
            case .bad(let reason):
                bad.append("byte \(byte): \(reason)")
                guard try scanner.resynchronise(below: Offset(Int64.max)) else { return (rows, bad) }
            }
        }
    }

    private func decode(_ batch: ArraySlice<UInt8>) throws(RecordFormatError) -> [StoredRecord] {
        var failure: RecordFormatError?
        let records = batch.withUnsafeBytes { bytes -> [StoredRecord] in
            do throws(RecordFormatError) {
                return try decodeRecords(bytes)
            } catch {
                failure = error
                return []
            }
        }
        if let failure { throw failure }
        return records
    }

    private static func row(_ good: BatchScanner.Good) -> [JSONValue] {
        let header = good.header
        return [
            .integer(header.baseOffset.rawValue), .integer(header.lastOffset.rawValue), .integer(Int64(good.position)),
            .integer(Int64(good.size)), .integer(Int64(header.recordCount)),
            .integer(header.maxTimestamp.millisecondsSince1970), .integer(Int64(header.partitionLeaderEpoch)),
            .integer(Int64(header.attributes.rawValue & 7)),
        ]
    }

    private static func row(_ stored: StoredRecord) -> [JSONValue] {
        let record = stored.record
        let headers = record.headers.map { JSONValue.text("\($0.key)=\(text($0.value) ?? "")") }
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
