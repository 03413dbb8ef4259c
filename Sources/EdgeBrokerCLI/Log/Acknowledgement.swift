import RecordFormat

/// A line that `bench write --print-acks` printed: this record was acknowledged.
struct Acknowledgement: Equatable {
    let partition: TopicPartition
    let offset: Int64
    /// CRC-32C of the value; `nil` for a null value.
    let checksum: UInt32?

    /// - Returns: `nil` for anything that is not exactly `ACK topic partition offset crc`, such as a line cut by a kill.
    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 5, words[0] == "ACK", !words[1].isEmpty,
            let partition = Int32(words[2]), partition >= 0, let offset = Int64(words[3]), offset >= 0
        else { return nil }
        if words[4] == "-" {
            checksum = nil
        } else {
            guard words[4].utf8.count == 8,
                words[4].utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
                let value = UInt32(words[4], radix: 16)
            else { return nil }
            checksum = value
        }
        self.partition = TopicPartition(topic: String(words[1]), partition: partition)
        self.offset = offset
    }

    init(_ partition: TopicPartition, _ offset: Int64, checksum: UInt32?) {
        self.partition = partition
        self.offset = offset
        self.checksum = checksum
    }

    /// Without a line end.
    var line: String {
        "ACK \(partition.topic) \(partition.partition) \(offset) \(checksum.map(Self.hex) ?? "-")"
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
