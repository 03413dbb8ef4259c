package import LogStore
import RecordFormat

/// The value of a record in `__catalogue`: a topic was created or altered. The record's key is the topic's name; a null value says
/// that the topic of that name was deleted. Big-endian.
///
/// Valid when there are exactly these bytes and every field is in its range. Times are in ms.
///
/// |  at | size | field              | meaning                                                                      |
/// |----:|-----:|:-------------------|:-----------------------------------------------------------------------------|
/// |   0 |    2 | `version`          | 3                                                                            |
/// |   2 |   16 | `topicID`          |                                                                              |
/// |  18 |    4 | `partitionCount`   | 1…10,000                                                                     |
/// |  22 |    1 | `writer`           | 0 clients, synced; 1 clients, buffered; 2 capture; 3 the broker              |
/// |  23 |    8 | `syncInterval`     | 1…3,600,000 if buffered, else 0                                              |
/// |  31 |    1 | `cleanup`          | 1 delete, 2 compact, 3 both                                                  |
/// |  32 |    8 | `retentionTime`    | -1: no limit                                                                 |
/// |  40 |    8 | `retentionBytes`   | -1: no limit                                                                 |
/// |  48 |    8 | `segmentBytes`     | -1: the broker's                                                             |
/// |  56 |    8 | `segmentTime`      | 1 or more                                                                    |
/// |  64 |    4 | `segmentIndex`     | 1,024…2³⁰ bytes                                                              |
/// |  68 |    8 | `minimumLag`       |                                                                              |
/// |  76 |    8 | `maximumLag`       | -1: no limit                                                                 |
/// |  84 |    8 | `tombstones`       |                                                                              |
/// |  92 |    8 | `dirtyRatio`       | bits of a double, 0…1                                                        |
/// | 100 |    1 | `diskPriority`     | 0…9                                                                          |
/// | 101 |    8 | `diskFloor`        | bytes                                                                        |
/// | 109 |    1 | `diskFull`         | 0 block, 1 drop                                                              |
/// | 110 |    4 | `maxMessageBytes`  | 1,024…134,217,728                                                            |
/// | 114 |    1 | `timestampType`    | 0 create time, 1 log append time                                             |
/// | 115 |    2 | `ownerLength`      | bytes of `owner`; 0 unless `writer` is capture                               |
/// | 117 |    – | `owner`            | UTF-8 name of the replication slot whose capture writes this topic           |
///
/// Version 2 has no `maxMessageBytes` and `timestampType`; the defaults hold for its topics. Version 1 ends after `partitionCount`, `ownerLength` and `owner`. It was written when everything was kept, so its topics keep
/// everything still.
package struct CatalogueRecord: Equatable {
    static let topic = "__catalogue"
    static let partitionCounts: ClosedRange<Int32> = 1...10_000
    private static let version: UInt16 = 3

    package var topicID: Identifier
    package var partitionCount: Int32
    package var writer: TopicWriter
    package var keeping: TopicKeeping
    package var messages: TopicMessages

    package init(
        topicID: Identifier, partitionCount: Int32, writer: TopicWriter, keeping: TopicKeeping,
        messages: TopicMessages = TopicMessages()
    ) {
        self.topicID = topicID
        self.partitionCount = partitionCount
        self.writer = writer
        self.keeping = keeping
        self.messages = messages
    }

    package var encoded: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.version)
        writer.append(bytes: topicID.bytes)
        writer.append(partitionCount)
        writer.append(self.writer)
        writer.append(keeping)
        writer.append(messages)
        if case .capture(let slot) = self.writer { writer.append(text: slot) } else { writer.append(text: "") }
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no such value.
    package init?(decoding bytes: [UInt8]) {
        var reader = BinaryReader(bytes)
        let version: UInt16 = reader.next()
        guard (1...Self.version).contains(version) else { return nil }
        let id = Identifier(reader.next(count: 16))
        partitionCount = reader.next()
        let kind: UInt8 = version == 1 ? 0 : reader.next()
        let interval: Int64 = version == 1 ? 0 : reader.next()
        keeping = version == 1 ? Self.everything : reader.nextKeeping()
        messages = version < 3 ? TopicMessages() : reader.nextMessages()
        let owner = reader.nextText()
        let writer = version == 1 ? Self.oldWriter(owner) : TopicWriter(kind, interval: interval, owner: owner)
        guard reader.isAtEnd, let id, let writer, Self.partitionCounts.contains(partitionCount) else { return nil }
        topicID = id
        self.writer = writer
    }

    private static func oldWriter(_ owner: String) -> TopicWriter {
        owner.isEmpty ? .clients(.synced) : .capture(slot: owner)
    }

    private static let everything: TopicKeeping = .captured
}

extension TopicWriter {
    fileprivate init?(_ kind: UInt8, interval: Int64, owner: String) {
        switch (kind, owner.isEmpty) {
        case (0, true) where interval == 0: self = .clients(.synced)
        case (1, true) where Durability.intervals.contains(.milliseconds(interval)):
            self = .clients(.buffered(syncEvery: .milliseconds(interval)))
        case (2, false) where interval == 0: self = .capture(slot: owner)
        case (3, true) where interval == 0: self = .broker
        default: return nil
        }
    }
}

extension BinaryWriter {
    fileprivate mutating func append(_ writer: TopicWriter) {
        switch writer {
        case .clients(.synced): append(kind: 0, interval: 0)
        case .clients(.buffered(let interval)): append(kind: 1, interval: interval.wholeMilliseconds)
        case .capture: append(kind: 2, interval: 0)
        case .broker: append(kind: 3, interval: 0)
        }
    }

    private mutating func append(kind: UInt8, interval: Int64) {
        append(kind)
        append(interval)
    }

    fileprivate mutating func append(_ messages: TopicMessages) {
        append(Int32(clamping: messages.maxBytes))
        append(messages.timestamps == .createTime ? UInt8(0) : 1)
    }

    fileprivate mutating func append(_ keeping: TopicKeeping) {
        let cleanup: UInt8 =
            switch keeping.cleanup {
            case .delete: 1
            case .compact: 2
            case .compactAndDelete: 3
            }
        append(cleanup)
        append(keeping.retention.age?.wholeMilliseconds ?? -1)
        append(keeping.retention.bytes ?? -1)
        append(keeping.segments.bytes.map { Int64($0) } ?? -1)
        append(keeping.segments.age.wholeMilliseconds)
        append(Int32(clamping: keeping.segments.indexBytes))
        append(keeping.compaction.minimumLag.wholeMilliseconds)
        append(keeping.compaction.maximumLag?.wholeMilliseconds ?? -1)
        append(keeping.compaction.tombstones.wholeMilliseconds)
        append(keeping.compaction.dirtyRatio.bitPattern)
        append(keeping.disk.priority)
        append(keeping.disk.floorBytes)
        append(keeping.disk.whenFull == .block ? UInt8(0) : 1)
    }
}

extension BinaryReader {
    fileprivate mutating func nextKeeping() -> TopicKeeping {
        var keeping = TopicKeeping()
        switch next(UInt8.self) {
        case 1: keeping.cleanup = .delete
        case 2: keeping.cleanup = .compact
        case 3: keeping.cleanup = .compactAndDelete
        default: spoil()
        }
        keeping.retention.age = nextLimit().map { .milliseconds($0) }
        keeping.retention.bytes = nextLimit()
        keeping.segments.bytes = nextLimit().map { Int($0) }
        keeping.segments.age = .milliseconds(next(Int64.self))
        keeping.segments.indexBytes = Int(next(Int32.self))
        keeping.compaction.minimumLag = .milliseconds(next(Int64.self))
        keeping.compaction.maximumLag = nextLimit().map { .milliseconds($0) }
        keeping.compaction.tombstones = .milliseconds(next(Int64.self))
        keeping.compaction.dirtyRatio = Double(bitPattern: next(UInt64.self))
        keeping.disk.priority = next()
        keeping.disk.floorBytes = next()
        switch next(UInt8.self) {
        case 0: keeping.disk.whenFull = .block
        case 1: keeping.disk.whenFull = .drop
        default: spoil()
        }
        if isGood, keeping.firstMistake != nil { spoil() }
        return keeping
    }

    fileprivate mutating func nextMessages() -> TopicMessages {
        var messages = TopicMessages()
        messages.maxBytes = Int(next(Int32.self))
        switch next(UInt8.self) {
        case 0: messages.timestamps = .createTime
        case 1: messages.timestamps = .logAppendTime
        default: spoil()
        }
        if isGood, messages.firstMistake != nil { spoil() }
        return messages
    }

    /// -1 is no limit.
    private mutating func nextLimit() -> Int64? {
        let value: Int64 = next()
        if value < -1 { spoil() }
        return value < 0 ? nil : value
    }
}
