/// A record of `__consumer_offsets`.
package enum GroupRecord: Sendable, Equatable {
    case offset(OffsetCommitRecord)
    case group(GroupMetadataRecord)
    case consumerGroup(ConsumerGroupRecord)

    package var key: [UInt8] {
        switch self {
        case .offset(let record): record.key
        case .group(let record): record.key
        case .consumerGroup(let record): record.key
        }
    }

    package var value: [UInt8]? {
        switch self {
        case .offset(let record): record.value
        case .group(let record): record.value
        case .consumerGroup(let record): record.value
        }
    }

    /// What a stored key and value say.
    package enum Decoded: Equatable {
        case record(GroupRecord)
        /// Of a kind that this release does not know.
        case other
        case malformed
    }

    package static func decode(key: [UInt8]?, value: [UInt8]?) -> Decoded {
        if let key, key.starts(with: [0, UInt8(GroupMetadataRecord.keyVersion)]) {
            switch GroupMetadataRecord.decode(key: key, value: value) {
            case .group(let record): return .record(.group(record))
            case .other: return .other
            case .malformed: return .malformed
            }
        }
        if let key, key.count >= 2, key[0] == 0, ConsumerGroupRecord.keyVersions.contains(Int16(key[1])) {
            switch ConsumerGroupRecord.decode(key: key, value: value) {
            case .record(let record): return .record(.consumerGroup(record))
            case .other: return .other
            case .malformed: return .malformed
            }
        }
        switch OffsetCommitRecord.decode(key: key, value: value) {
        case .commit(let record): return .record(.offset(record))
        case .other: return .other
        case .malformed: return .malformed
        }
    }
}
