/// `partition.metadata`: the topic this folder belongs to. Text, as Kafka writes it.
///
/// | line                | meaning                              |
/// |:--------------------|:-------------------------------------|
/// | `version: 0`        | Kafka's version of this file         |
/// | `topic_id: <id>`    | the topic's ``Identifier``           |
package struct PartitionMetadata: Sendable, Equatable {
    package static let fileName = "partition.metadata"

    package let topicID: Identifier

    package var encoded: [UInt8] { Array("version: 0\ntopic_id: \(topicID)\n".utf8) }

    package init(topicID: Identifier) { self.topicID = topicID }

    /// - Returns: `nil` if the bytes are not such a file.
    package init?(decoding bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0] == "version: 0", lines[1].hasPrefix("topic_id: "),
            let id = Identifier(lines[1].dropFirst("topic_id: ".count))
        else { return nil }
        topicID = id
    }
}
