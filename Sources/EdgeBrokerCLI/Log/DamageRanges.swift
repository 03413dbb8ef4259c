import LogStore
import RecordFormat

/// Which acknowledged records a log's damage explains the loss of.
struct DamageRanges {
    private var ranges: [TopicPartition: [Range<Offset>]] = [:]
    /// Partitions of which there are files. What is lost of the others, a folder explains that is missing.
    private let present: Set<TopicPartition>
    private var isFolderLost = false

    init(_ report: RecoveryReport, present: Set<TopicPartition>) {
        self.present = present
        for damage in report.damages where !damage.offsets.isEmpty {
            if let partition = damage.partition {
                ranges[partition, default: []].append(damage.offsets)
            } else {
                // Its name went with it.
                isFolderLost = true
            }
        }
        for gap in report.gaps { ranges[gap.partition, default: []].append(gap.offsets) }
    }

    func explains(_ loss: AcknowledgementCheck.Loss) -> Bool {
        let record = loss.acknowledgement
        if isFolderLost, !loss.isDifferent, !present.contains(record.partition) { return true }
        return ranges[record.partition]?.contains { $0.contains(Offset(record.offset)) } ?? false
    }
}
