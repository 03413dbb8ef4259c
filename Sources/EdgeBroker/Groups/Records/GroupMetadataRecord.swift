import RecordFormat

/// A record of `__consumer_offsets`: what a consumer group has come to. Kafka's layout of key version 2 and value version 3, so that
/// monitors which read that topic can read ours. Big-endian; *text* is UTF-8 behind a 2-byte length, *text?* may have the length
/// -1 for none, *bytes* stand behind a 4-byte length.
///
/// | key at | size | field     | meaning |
/// |-------:|-----:|:----------|:--------|
/// |      0 |    2 | `version` | 2       |
/// |      2 |    – | `group`   | text    |
///
/// | value      | size | field              | meaning                                            |
/// |:-----------|-----:|:-------------------|:---------------------------------------------------|
/// |            |    2 | `version`          | 3                                                  |
/// |            |    – | `protocolType`     | text; `consumer` for consumers                     |
/// |            |    4 | `generation`       |                                                    |
/// |            |    – | `protocol`         | text?; none without members                        |
/// |            |    – | `leader`           | text?; a member's id                               |
/// |            |    8 | `stateTime`        | ms since 1970, by the broker's clock; -1: not told |
/// |            |    4 | number of members  |                                                    |
/// | per member |    – | `memberID`         | text                                               |
/// |            |    – | `groupInstanceID`  | text?; of a static member                          |
/// |            |    – | `clientID`         | text                                               |
/// |            |    – | `clientHost`       | text                                               |
/// |            |    4 | `rebalanceTimeout` | ms; -1: as the session timeout                     |
/// |            |    4 | `sessionTimeout`   | ms                                                 |
/// |            |    – | `subscription`     | bytes: the member's, under the group's protocol    |
/// |            |    – | `assignment`       | bytes: the leader's for this member                |
///
/// A null value is a tombstone: the group is deleted. Valid when each part ends with its last field, member ids differ, and there is
/// a protocol if there are members.
package struct GroupMetadataRecord: Sendable, Equatable {
    static let keyVersion: Int16 = 2
    private static let valueVersion: Int16 = 3
    private static let smallestMember = 24

    package var group: String
    /// `nil`: a tombstone.
    package var metadata: GroupMetadata?

    package init(group: String, metadata: GroupMetadata?) {
        self.group = group
        self.metadata = metadata
    }

    package var key: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.keyVersion)
        writer.append(text: group)
        return writer.bytes
    }

    package var value: [UInt8]? {
        guard let metadata else { return nil }
        var writer = BinaryWriter()
        writer.append(Self.valueVersion)
        writer.append(text: metadata.protocolType)
        writer.append(metadata.generation)
        writer.append(nullableText: metadata.protocolName)
        writer.append(nullableText: metadata.leader)
        writer.append(metadata.time?.millisecondsSince1970 ?? -1)
        writer.append(Int32(metadata.members.count))
        for member in metadata.members {
            writer.append(text: member.memberID)
            writer.append(nullableText: member.instanceID)
            writer.append(text: member.clientID)
            writer.append(text: member.clientHost)
            writer.append(member.rebalanceTimeout)
            writer.append(member.sessionTimeout)
            writer.append(counted: member.subscription)
            writer.append(counted: member.assignment)
        }
        return writer.bytes
    }

    /// What a stored key and value say.
    package enum Decoded: Equatable {
        case group(GroupMetadataRecord)
        /// Of a version that this release does not know.
        case other
        case malformed
    }

    package static func decode(key: [UInt8]?, value: [UInt8]?) -> Decoded {
        guard let key else { return .malformed }
        var reader = BinaryReader(key)
        guard reader.next(Int16.self) == keyVersion else { return reader.isGood ? .other : .malformed }
        let group = reader.nextText()
        guard reader.isAtEnd else { return .malformed }
        guard let value else { return .group(GroupMetadataRecord(group: group, metadata: nil)) }
        reader = BinaryReader(value)
        guard reader.next(Int16.self) == valueVersion else { return reader.isGood ? .other : .malformed }
        let metadata = decodeMetadata(&reader)
        let ids = Set(metadata.members.map(\.memberID))
        guard reader.isAtEnd, ids.count == metadata.members.count, ids.isEmpty || metadata.protocolName != nil else {
            return .malformed
        }
        return .group(GroupMetadataRecord(group: group, metadata: metadata))
    }

    private static func decodeMetadata(_ reader: inout BinaryReader) -> GroupMetadata {
        let type = reader.nextText()
        let generation: Int32 = reader.next()
        let name = reader.nextNullableText()
        let leader = reader.nextNullableText()
        let time: Int64 = reader.next()
        let members = (0..<reader.nextCount(ofAtLeast: smallestMember)).map { _ in
            GroupMetadata.Member(
                memberID: reader.nextText(), instanceID: reader.nextNullableText(), clientID: reader.nextText(),
                clientHost: reader.nextText(), rebalanceTimeout: reader.next(), sessionTimeout: reader.next(),
                subscription: reader.nextCounted() ?? [], assignment: reader.nextCounted() ?? [])
        }
        return GroupMetadata(
            protocolType: type, generation: generation, protocolName: name, leader: leader,
            time: time < 0 ? nil : Timestamp(millisecondsSince1970: time), members: members)
    }
}
