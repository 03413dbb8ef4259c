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
        // By bytes: it is read for every partition at every start.
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let (version, key) = ("version: 0".utf8, "topic_id: ".utf8)
        guard lines.count == 2, lines[0].elementsEqual(version), lines[1].starts(with: key),
            let id = Identifier(String(decoding: lines[1].dropFirst(key.count), as: UTF8.self))
        else { return nil }
        topicID = id
    }
}
