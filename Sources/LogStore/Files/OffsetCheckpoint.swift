package import RecordFormat

/// An offset of every partition, in one of Kafka's checkpoint files in the data folder.
///
/// A ``CheckpointText`` with an entry `topic partition offset` for each, sorted by topic and partition. For Kafka's tools, and
/// for the log start where the slot of `synced-ends` is lost; recovery asks `synced-ends` first.
package struct OffsetCheckpoint: Sendable, Equatable {
    package enum Name: String, Sendable, CaseIterable {
        /// Everything below is synced.
        case recoveryPoint = "recovery-point-offset-checkpoint"
        case logStart = "log-start-offset-checkpoint"
        /// Everything below was compacted once.
        case cleaner = "cleaner-offset-checkpoint"
    }

    /// Against a damaged size: some hundred thousand partitions. A larger file is not read.
    package static let sizeLimit = 32 << 20

    package var offsets: [TopicPartition: Offset]

    package init(_ offsets: [TopicPartition: Offset] = [:]) { self.offsets = offsets }

    package var encoded: [UInt8] {
        let sorted = offsets.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
        return CheckpointText.encoded(sorted.map { "\($0.key.topic) \($0.key.partition) \($0.value)" })
    }

    /// - Returns: `nil` if the bytes are no such file, or not all of one.
    package init?(decoding bytes: [UInt8]) {
        guard let entries = CheckpointText.entries(of: bytes, fields: 3) else { return nil }
        offsets = [:]
        for entry in entries {
            guard !entry[0].isEmpty, let partition = Int32(entry[1]), partition >= 0, let offset = Int64(entry[2]),
                offset >= 0,
                offsets.updateValue(
                    Offset(offset), forKey: TopicPartition(topic: String(entry[0]), partition: partition)) == nil
            else { return nil }
        }
    }
}
