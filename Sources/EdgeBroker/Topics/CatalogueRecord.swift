package import LogStore
import RecordFormat

/// The value of a record in `__catalogue`: a topic was created. The record's key is the topic's name. Big-endian.
///
/// Valid when there are exactly these bytes and the count is in its range.
///
/// | at | size | field            | meaning                                                            |
/// |---:|-----:|:-----------------|:-------------------------------------------------------------------|
/// |  0 |    2 | `version`        | 1                                                                  |
/// |  2 |   16 | `topicID`        |                                                                    |
/// | 18 |    4 | `partitionCount` | 1…10,000                                                           |
/// | 22 |    2 | `ownerLength`    | bytes of `owner`; 0: nobody captures into this topic               |
/// | 24 |    – | `owner`          | UTF-8 name of the replication slot whose capture writes this topic |
package struct CatalogueRecord: Equatable {
    static let topic = "__catalogue"
    static let partitionCounts: ClosedRange<Int32> = 1...10_000
    private static let version: UInt16 = 1

    package var topicID: Identifier
    package var partitionCount: Int32
    package var owner: String?

    package init(topicID: Identifier, partitionCount: Int32, owner: String?) {
        self.topicID = topicID
        self.partitionCount = partitionCount
        self.owner = owner
    }

    package var encoded: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.version)
        writer.append(bytes: topicID.bytes)
        writer.append(partitionCount)
        writer.append(text: owner ?? "")
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no such value.
    package init?(decoding bytes: [UInt8]) {
        var reader = BinaryReader(bytes)
        let version: UInt16 = reader.next()
        let id = Identifier(reader.next(count: 16))
        partitionCount = reader.next()
        let owner = reader.nextText()
        guard reader.isAtEnd, version == Self.version, let id, Self.partitionCounts.contains(partitionCount) else {
            return nil
        }
        topicID = id
        self.owner = owner.isEmpty ? nil : owner
    }
}
