/// A record of `__consumer_offsets` of a group in the consumer protocol (KIP-848): Kafka's layouts of key versions 3 to 8, so that
/// monitors which read that topic can read ours. A key is big-endian; *text* is UTF-8 behind a 2-byte length.
///
/// | key at | size | field      | meaning                                   |
/// |-------:|-----:|:-----------|:------------------------------------------|
/// |      0 |    2 | `version`  | which of these records, see below         |
/// |      2 |    – | `group`    | text                                      |
/// |      – |    – | `memberID` | text; versions 5, 7 and 8 alone           |
///
/// | version | value                          | meaning                                     |
/// |--------:|:-------------------------------|:--------------------------------------------|
/// |       3 | ``ConsumerGroupEpoch``         | the group is, and how often it has changed  |
/// |       4 | ``ConsumerGroupTopics``        | what its members read                       |
/// |       5 | ``ConsumerMemberRecord``       | a member                                    |
/// |       6 | ``ConsumerGroupEpoch``         | of which epoch the target assignment is     |
/// |       7 | ``TargetAssignmentRecord``     | what a member is to have in the end         |
/// |       8 | ``CurrentAssignmentRecord``    | what a member has                           |
///
/// A value begins with its version, 0 in 2 bytes, and has Kafka's flexible fields (``BinaryWriter/append(compactCount:)``). No value is
/// a tombstone: that is no more. Valid when each part ends with its last field.
package enum ConsumerGroupRecord: Sendable, Equatable {
    case epoch(group: String, ConsumerGroupEpoch?)
    case topics(group: String, ConsumerGroupTopics?)
    case member(group: String, id: String, ConsumerMemberRecord?)
    case targetEpoch(group: String, ConsumerGroupEpoch?)
    case target(group: String, id: String, TargetAssignmentRecord?)
    case current(group: String, id: String, CurrentAssignmentRecord?)

    static let keyVersions: ClosedRange<Int16> = 3...8
    private static let valueVersion: Int16 = 0

    package var group: String {
        switch self {
        case .epoch(let group, _), .topics(let group, _), .targetEpoch(let group, _): group
        case .member(let group, _, _), .target(let group, _, _), .current(let group, _, _): group
        }
    }

    package var key: [UInt8] {
        switch self {
        case .epoch(let group, _): Self.key(3, group)
        case .topics(let group, _): Self.key(4, group)
        case .member(let group, let id, _): Self.key(5, group, id)
        case .targetEpoch(let group, _): Self.key(6, group)
        case .target(let group, let id, _): Self.key(7, group, id)
        case .current(let group, let id, _): Self.key(8, group, id)
        }
    }

    package var value: [UInt8]? {
        switch self {
        case .epoch(_, let value), .targetEpoch(_, let value): value.map(Self.encode)
        case .topics(_, let value): value.map(Self.encode)
        case .member(_, _, let value): value.map(Self.encode)
        case .target(_, _, let value): value.map(Self.encode)
        case .current(_, _, let value): value.map(Self.encode)
        }
    }

    /// What a stored key and value say.
    package enum Decoded: Equatable {
        case record(ConsumerGroupRecord)
        /// Of a version that this release does not know.
        case other
        case malformed
    }

    package static func decode(key: [UInt8]?, value: [UInt8]?) -> Decoded {
        guard let key else { return .malformed }
        var reader = BinaryReader(key)
        let version: Int16 = reader.next()
        guard reader.isGood else { return .malformed }
        guard keyVersions.contains(version) else { return .other }
        let group = reader.nextText()
        let id = version == 5 || version >= 7 ? reader.nextText() : ""
        guard reader.isAtEnd else { return .malformed }
        switch version {
        case 3: return decode(value, ConsumerGroupEpoch.self) { .epoch(group: group, $0) }
        case 4: return decode(value, ConsumerGroupTopics.self) { .topics(group: group, $0) }
        case 5: return decode(value, ConsumerMemberRecord.self) { .member(group: group, id: id, $0) }
        case 6: return decode(value, ConsumerGroupEpoch.self) { .targetEpoch(group: group, $0) }
        case 7: return decode(value, TargetAssignmentRecord.self) { .target(group: group, id: id, $0) }
        default: return decode(value, CurrentAssignmentRecord.self) { .current(group: group, id: id, $0) }
        }
    }

    private static func key(_ version: Int16, _ texts: String...) -> [UInt8] {
        var writer = BinaryWriter()
        writer.append(version)
        for text in texts { writer.append(text: text) }
        return writer.bytes
    }

    private static func encode(_ value: some ConsumerGroupValue) -> [UInt8] {
        var writer = BinaryWriter()
        writer.append(valueVersion)
        value.write(to: &writer)
        writer.appendNoTags()
        return writer.bytes
    }

    private static func decode<Value: ConsumerGroupValue>(
        _ bytes: [UInt8]?, _ type: Value.Type, _ record: (Value?) -> ConsumerGroupRecord
    ) -> Decoded {
        guard let bytes else { return .record(record(nil)) }
        var reader = BinaryReader(bytes)
        guard reader.next(Int16.self) == valueVersion else { return reader.isGood ? .other : .malformed }
        guard let value = Value(from: &reader) else { return .malformed }
        reader.skipTags()
        return reader.isAtEnd ? .record(record(value)) : .malformed
    }
}

/// The fields of a value, between its version and its tagged fields.
protocol ConsumerGroupValue: Equatable {
    func write(to writer: inout BinaryWriter)
    /// - Returns: `nil` for what cannot be; what is missing spoils the reader.
    init?(from reader: inout BinaryReader)
}
