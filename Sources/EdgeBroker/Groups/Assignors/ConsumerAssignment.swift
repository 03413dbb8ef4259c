package import RecordFormat

/// What a group's leader gives a consumer, byte for byte as Kafka's consumers do. Fields as in ``ConsumerSubscription``.
///
/// | size | field      | meaning                                               |
/// |-----:|:-----------|:------------------------------------------------------|
/// |    2 | `version`  | 0…3, which do not differ                              |
/// |    – | partitions | list of: text topic, list of 4-byte partition numbers |
/// |    – | `userData` | bytes, the assignor's own                             |
///
/// Valid when all fields are there; what follows is a later version's. No bytes at all: no partitions.
package struct ConsumerAssignment: Sendable, Equatable {
    package var partitions: [TopicPartition]
    package var userData: [UInt8]?

    package init(_ partitions: [TopicPartition], userData: [UInt8]? = nil) {
        self.partitions = partitions
        self.userData = userData
    }

    /// - Parameter version: 0…3.
    package func encoded(version: Int16 = 3) -> [UInt8] {
        var writer = BinaryWriter()
        writer.append(version)
        writer.append(byTopic: partitions)
        writer.append(counted: userData)
        return writer.bytes
    }

    package init?(decoding bytes: [UInt8]) {
        if bytes.isEmpty {
            self.init([])
            return
        }
        var reader = BinaryReader(bytes)
        let version: Int16 = reader.next()
        self.init(reader.nextByTopic(), userData: reader.nextCounted())
        guard reader.isGood, version >= 0 else { return nil }
    }
}
