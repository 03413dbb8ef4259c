import RecordFormat

/// Holds what the log has against what was acknowledged.
struct AcknowledgementCheck {
    /// An acknowledged record that the log does not have, or has otherwise.
    struct Loss: Equatable {
        let acknowledgement: Acknowledgement
        let isDifferent: Bool
        var isExplained = false
    }

    private struct Expected {
        let checksum: UInt32?
        /// `nil` until the offset was seen; then whether the value was the acknowledged one.
        var isRight: Bool?
    }

    private var expected: [TopicPartition: [Int64: Expected]] = [:]
    private var reused: [Acknowledgement] = []
    private(set) var count = 0

    mutating func expect(_ acknowledgement: Acknowledgement) {
        count += 1
        let before = expected[acknowledgement.partition, default: [:]].updateValue(
            Expected(checksum: acknowledgement.checksum), forKey: acknowledgement.offset)
        // One offset, given to two records: whatever the log has there, one of them is lost.
        if let before, before.checksum != acknowledgement.checksum {
            reused.append(Acknowledgement(acknowledgement.partition, acknowledgement.offset, checksum: before.checksum))
        }
    }

    func concerns(_ partition: TopicPartition) -> Bool { expected[partition] != nil }

    mutating func found(_ offset: Int64, in partition: TopicPartition, checksum: UInt32?) {
        guard let entry = expected[partition]?[offset] else { return }
        expected[partition]?[offset]?.isRight = entry.checksum == checksum
    }

    /// - Parameter explains: whether damage that was reported is why this record is not there.
    func losses(explains: (Loss) -> Bool) -> [Loss] {
        let twice = reused.map { Loss(acknowledgement: $0, isDifferent: true) }
        let missing: [Loss] = expected.flatMap { partition, offsets in
            offsets.compactMap { offset, expected in
                if expected.isRight == true { return nil }
                var loss = Loss(
                    acknowledgement: Acknowledgement(partition, offset, checksum: expected.checksum),
                    isDifferent: expected.isRight == false)
                loss.isExplained = explains(loss)
                return loss
            }
        }
        return (twice + missing).sorted { a, b in
            (a.acknowledgement.partition.topic, a.acknowledgement.partition.partition, a.acknowledgement.offset)
                < (b.acknowledgement.partition.topic, b.acknowledgement.partition.partition, b.acknowledgement.offset)
        }
    }
}
