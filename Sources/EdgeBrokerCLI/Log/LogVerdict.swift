import LogStore
import RecordFormat

/// What verifying a log came to.
struct LogVerdict {
    let status: ExitStatus
    let report: RecoveryReport
    let losses: [AcknowledgementCheck.Loss]
    let counts: [(String, Int64)]
    let acknowledged: Int?
    /// Of the acknowledged ones: below the log start.
    let deleted: Int

    static func of(
        _ directory: String, acknowledgements file: String?, disk: any Disk = PosixDisk(),
        progress: @escaping (LogVerification.Progress) -> Void = { _ in }
    ) throws -> LogVerdict {
        var check = AcknowledgementCheck()
        if let file { try AcknowledgementFile.read(file) { check.expect($0) } }
        var records: Int64 = 0
        var present: Set<TopicPartition> = []
        let result = try LogVerification.run(
            directory, disk: disk,
            visit: { partition, batch in
                present.insert(partition)
                guard let found = Self.records(of: batch) else { return }
                records += Int64(found.count)
                if !check.concerns(partition) { return }
                for stored in found {
                    check.found(
                        stored.offset.rawValue, in: partition, checksum: stored.record.value.map(Self.checksum))
                }
            }, progress: progress)
        let report = result.report
        let damage = DamageRanges(report, present: present.union(report.damages.compactMap(\.partition)))
        let losses = check.losses(below: result.logStarts) { damage.explains($0) }
        return LogVerdict(
            status: losses.contains { !$0.isExplained }
                ? .warning : report.damages.isEmpty && losses.isEmpty ? .done : .critical,
            report: report, losses: losses,
            counts: [
                ("partitions", Int64(result.partitions)), ("segments", Int64(result.segments)),
                ("batches", Int64(result.batches)), ("records", records), ("bytes", Int64(result.bytes)),
            ],
            acknowledged: file == nil ? nil : check.count, deleted: check.deleted(below: result.logStarts))
    }

    /// `nil` for what is not ours to decode, such as a compressed batch; its frame and CRC are good.
    private static func records(of batch: ArraySlice<UInt8>) -> [StoredRecord]? {
        batch.withUnsafeBytes { bytes in
            do throws(RecordFormatError) { return try decodeRecords(bytes) } catch { return nil }
        }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { crc32c($0) } }

    private var unexplained: Int { losses.count { !$0.isExplained } }

    // MARK: For people

    /// `DAMAGE`, `GAP`, `LOST` and `DIFFERENT` lines.
    var lines: [String] {
        report.damages.map { "DAMAGE \($0.description)" } + report.gaps.map { "GAP \($0.description)" }
            + losses.map { loss in
                let record = loss.acknowledgement
                return
                    "\(loss.isDifferent ? "DIFFERENT" : "LOST") \(record.partition.topic) \(record.partition.partition) "
                    + "\(record.offset): \(loss.isExplained ? "explained by damage" : "no damage explains it")"
            }
    }

    var notes: [String] {
        report.tornTails.map {
            "\($0.file) has a torn tail of \($0.count) bytes from byte \($0.byte) on (\($0.cause)); the next start cuts it."
        } + report.notes
    }

    var summary: String {
        var parts = counts.map { Self.count($0.1, $0.0) } + ["\(report.damages.count) damaged"]
        if !report.gaps.isEmpty { parts.append(Self.count(Int64(report.gaps.count), "known gaps")) }
        if let acknowledged {
            parts.append("\(acknowledged) acknowledged")
            if deleted > 0 { parts.append("\(deleted) of them deleted since") }
            parts += ["\(losses.count) of them lost", "\(unexplained) unexplained"]
        }
        return judgement + ": " + parts.joined(separator: ", ")
    }

    /// Where there is no log, nothing is wrong; but whoever mistyped the path must not read that all is well.
    private var judgement: String {
        if status != .done { return "NOT SOUND" }
        return counts.contains { $0.0 == "partitions" && $0.1 > 0 } ? "sound" : "nothing to verify"
    }

    private static func count(_ number: Int64, _ things: String) -> String {
        let one = things == "batches" ? "batch" : String(things.dropLast())
        return "\(number) \(number == 1 ? one : things)"
    }

    // MARK: For scripts

    var json: JSONValue {
        .object(
            [("status", .integer(Int64(status.rawValue)))] + counts.map { ($0.0, .integer($0.1)) } + [
                ("damages", .array(report.damages.map(Self.json))),
                (
                    "gaps",
                    .array(
                        report.gaps.map { gap in
                            .object(
                                Self.place(gap.partition, gap.file, gap.offsets) + [("cause", .text(gap.cause))])
                        })
                ),
                (
                    "torn_tails",
                    .array(
                        report.tornTails.map { tail in
                            .object([
                                ("file", .text(tail.file)), ("byte", .integer(Int64(tail.byte))),
                                ("bytes", .integer(Int64(tail.count))), ("cause", .text(tail.cause)),
                            ])
                        })
                ),
                ("notes", .array(report.notes.map { .text($0) })),
                ("acknowledged", acknowledged.map { .integer(Int64($0)) } ?? .null),
                ("deleted", .integer(Int64(deleted))),
                (
                    "lost",
                    .array(
                        losses.map { loss in
                            .object([
                                ("topic", .text(loss.acknowledgement.partition.topic)),
                                ("partition", .integer(Int64(loss.acknowledgement.partition.partition))),
                                ("offset", .integer(loss.acknowledgement.offset)),
                                ("different", .boolean(loss.isDifferent)), ("explained", .boolean(loss.isExplained)),
                            ])
                        })
                ),
            ])
    }

    private static func json(_ damage: RecoveryReport.Damage) -> JSONValue {
        .object(
            place(damage.partition, damage.file, damage.offsets) + [
                ("byte", .integer(Int64(damage.byte))), ("cause", .text(damage.cause)),
            ])
    }

    static func place(
        _ partition: TopicPartition?, _ file: String, _ offsets: Range<Offset>?
    ) -> [(String, JSONValue)] {
        let offsets = offsets.flatMap { $0.isEmpty ? nil : $0 }
        return [
            ("topic", partition.map { .text($0.topic) } ?? .null),
            ("partition", partition.map { .integer(Int64($0.partition)) } ?? .null), ("file", .text(file)),
            ("first_offset", offsets.map { .integer($0.lowerBound.rawValue) } ?? .null),
            ("last_offset", offsets.map { .integer($0.upperBound.rawValue - 1) } ?? .null),
        ]
    }
}
