import LogStore

/// The value of the record of what a group's members read. Kafka 4.1 and later keep a hash instead and do not write it any more, but
/// read it.
///
/// | value     | size | field              | meaning                                                             |
/// |:----------|-----:|:-------------------|:--------------------------------------------------------------------|
/// |           |    – | number of topics   |                                                                     |
/// | per topic |   16 | `topicID`          |                                                                     |
/// |           |    – | `name`             | text                                                                |
/// |           |    4 | `partitionCount`   |                                                                     |
/// |           |    – | number of racks    | 0: there are none here; in Kafka's, a 4-byte partition and its racks |
/// |           |    – | tagged fields      | none                                                                |
package struct ConsumerGroupTopics: Sendable, Equatable, ConsumerGroupValue {
    private static let smallestTopic = 23

    package var topics: [String: TopicImage.Topic]

    package init(_ topics: [String: TopicImage.Topic]) { self.topics = topics }

    func write(to writer: inout BinaryWriter) {
        writer.append(compactCount: topics.count)
        for (name, topic) in topics.sorted(by: { $0.key < $1.key }) {
            writer.append(bytes: topic.id.bytes)
            writer.append(compactText: name)
            writer.append(topic.partitionCount)
            writer.append(compactCount: 0)
            writer.appendNoTags()
        }
    }

    init?(from reader: inout BinaryReader) {
        topics = [:]
        for _ in 0..<reader.nextCompactCount(ofAtLeast: Self.smallestTopic) {
            guard let id = Identifier(reader.next(count: 16)) else { return nil }
            let name = reader.nextCompactText()
            let count: Int32 = reader.next()
            for _ in 0..<reader.nextCompactCount(ofAtLeast: 6) {
                _ = reader.next(Int32.self)
                for _ in 0..<reader.nextCompactCount(ofAtLeast: 1) { _ = reader.nextCompactText() }
                reader.skipTags()
            }
            reader.skipTags()
            guard count >= 0, topics.updateValue(TopicImage.Topic(id: id, partitionCount: count), forKey: name) == nil
            else { return nil }
        }
    }
}
