import RecordFormat

/// What Kafka's sticky assignor keeps in a subscription. Fields as in ``ConsumerSubscription``.
///
/// | size | field        | meaning                                                        |
/// |-----:|:-------------|:---------------------------------------------------------------|
/// |    – | partitions   | list of: text topic, list of 4-byte partition numbers          |
/// |    4 | `generation` | under which the member was given them; may be missing, then -1 |
struct StickyUserData: Equatable {
    var partitions: [TopicPartition]
    var generation: Int32

    init(_ member: AssignedMember) {
        partitions = member.ownedPartitions
        generation = member.generation
    }

    init?(decoding bytes: [UInt8]) {
        var reader = BinaryReader(bytes)
        partitions = reader.nextByTopic()
        generation = reader.bytesLeft > 0 ? reader.next() : -1
        guard reader.isAtEnd else { return nil }
    }

    var encoded: [UInt8] {
        var writer = BinaryWriter()
        writer.append(byTopic: partitions)
        writer.append(generation)
        return writer.bytes
    }
}
