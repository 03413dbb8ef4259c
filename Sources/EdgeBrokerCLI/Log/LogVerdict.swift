import LogStore
import RecordFormat

/// What verifying a log came to.
struct LogVerdict {
    let status: ExitStatus
    /// `DAMAGE`, `LOST` and `DIFFERENT` lines.
    let lines: [String]
    let notes: [String]
    let summary: String

    static func of(_ directory: String, acknowledgements file: String?, disk: any Disk = PosixDisk()) throws
        -> LogVerdict
    {
        var check = AcknowledgementCheck()
        if let file { try AcknowledgementFile.read(file) { check.expect($0) } }
        var records = 0
        let result = try LogVerification.run(directory, disk: disk) { partition, batch in
            guard let found = Self.records(of: batch) else { return }
            records += found.count
            if !check.concerns(partition) { return }
            for stored in found {
                check.found(stored.offset.rawValue, in: partition, checksum: stored.record.value.map(Self.checksum))
            }
        }
        let damage = DamageRanges(result.damages.map { ($0.file, $0.offsets) }, in: directory)
        let losses = check.losses { damage.explains($0) }
        let unexplained = losses.count { !$0.isExplained }
        let status: ExitStatus = unexplained > 0 ? .warning : result.damages.isEmpty ? .done : .critical
        let acknowledged =
            file == nil ? "" : ", \(check.count) acknowledged, \(losses.count) of them lost, \(unexplained) unexplained"
        return LogVerdict(
            status: status,
            lines: result.damages.map { "DAMAGE \($0.description)" } + losses.map(Self.line),
            notes: result.tornTails.map {
                "\($0.file) has a torn tail of \($0.count) bytes from byte \($0.byte) on (\($0.cause)); the next start cuts it."
            } + result.notes,
            summary:
                "\(status == .done ? "sound" : "NOT SOUND"): \(result.partitions) partitions, \(result.segments) segments, "
                + "\(result.batches) batches, \(records) records, \(result.bytes) bytes, \(result.damages.count) damaged"
                + acknowledged)
    }

    private static func line(_ loss: AcknowledgementCheck.Loss) -> String {
        let record = loss.acknowledgement
        return "\(loss.isDifferent ? "DIFFERENT" : "LOST") \(record.partition.topic) \(record.partition.partition) "
            + "\(record.offset): \(loss.isExplained ? "explained by damage" : "no damage explains it")"
    }

    /// `nil` for what is not ours to decode, such as a compressed batch; its frame and CRC are good.
    private static func records(of batch: ArraySlice<UInt8>) -> [StoredRecord]? {
        batch.withUnsafeBytes { bytes in
            do throws(RecordFormatError) { return try decodeRecords(bytes) } catch { return nil }
        }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32c($0) } }
}
