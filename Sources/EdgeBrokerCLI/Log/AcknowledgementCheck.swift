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

    /// How many of them were deleted since.
    func deleted(below logStarts: [TopicPartition: Offset]) -> Int {
        expected.reduce(0) { sum, entry in
            sum + entry.value.count { $0.value.isRight == nil && Self.isDeleted($0.key, entry.key, logStarts) }
        }
    }

    private static func isDeleted(
        _ offset: Int64, _ partition: TopicPartition, _ logStarts: [TopicPartition: Offset]
    ) -> Bool {
        logStarts[partition].map { offset < $0.rawValue } ?? false
    }

    func concerns(_ partition: TopicPartition) -> Bool { expected[partition] != nil }

    mutating func found(_ offset: Int64, in partition: TopicPartition, checksum: UInt32?) {
        guard let entry = expected[partition]?[offset] else { return }
        expected[partition]?[offset]?.isRight = entry.checksum == checksum
    }

    /// - Parameters:
    ///   - logStarts: what is below was deleted, and not there is as it should be.
    ///   - explains: whether damage that was reported is why this record is not there.
    func losses(below logStarts: [TopicPartition: Offset], explains: (Loss) -> Bool) -> [Loss] {
        let twice = reused.map { Loss(acknowledgement: $0, isDifferent: true) }
        let missing: [Loss] = expected.flatMap { partition, offsets in
            offsets.compactMap { offset, expected in
                if expected.isRight == true { return nil }
                if expected.isRight == nil, Self.isDeleted(offset, partition, logStarts) { return nil }
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
