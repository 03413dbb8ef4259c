/// One setting of a topic: its name, what it may be, and where it is. This is the one table of the names.
struct TopicSetting: Sendable {
    let key: String
    let range: String
    let get: @Sendable (TopicConfiguration) -> String
    /// - Returns: false if the text is no such value.
    let set: @Sendable (inout TopicConfiguration, String) -> Bool

    static let all: [TopicSetting] = [
        TopicSetting(key: "cleanup.policy", range: "delete, compact or compact,delete") { topic in
            switch topic.keeping.cleanup {
            case .delete: "delete"
            case .compact: "compact"
            case .compactAndDelete: "compact,delete"
            }
        } set: { topic, text in
            switch text {
            case "delete": topic.keeping.cleanup = .delete
            case "compact": topic.keeping.cleanup = .compact
            case "compact,delete", "delete,compact", "both": topic.keeping.cleanup = .compactAndDelete
            default: return false
            }
            return true
        },
        limitedTime("retention.ms", \.keeping.retention.age, smallest: 0),
        number("retention.bytes", "-1 or more") {
            $0.keeping.retention.bytes ?? -1
        } set: { topic, value in
            guard value >= -1 else { return false }
            topic.keeping.retention.bytes = value < 0 ? nil : value
            return true
        },
        number("segment.bytes", "1024 to 2147483647, or -1 for the broker's") {
            $0.keeping.segments.bytes.map { Int64($0) } ?? -1
        } set: { topic, value in
            guard value == -1 || TopicKeeping.Segments.byteRange.contains(Int(clamping: value)) else { return false }
            topic.keeping.segments.bytes = value < 0 ? nil : Int(clamping: value)
            return true
        },
        time("segment.ms", \.keeping.segments.age, smallest: 1),
        number("segment.index.bytes", "1024 to 1073741824") {
            Int64($0.keeping.segments.indexBytes)
        } set: { topic, value in
            guard TopicKeeping.Segments.indexByteRange.contains(Int(clamping: value)) else { return false }
            topic.keeping.segments.indexBytes = Int(clamping: value)
            return true
        },
        time("min.compaction.lag.ms", \.keeping.compaction.minimumLag, smallest: 0),
        limitedTime("max.compaction.lag.ms", \.keeping.compaction.maximumLag, smallest: 1),
        time("delete.retention.ms", \.keeping.compaction.tombstones, smallest: 0),
        TopicSetting(key: "min.cleanable.dirty.ratio", range: "0 to 1") {
            "\($0.keeping.compaction.dirtyRatio)"
        } set: {
            topic, text in
            guard let value = Double(text), (0...1).contains(value) else { return false }
            topic.keeping.compaction.dirtyRatio = value
            return true
        },
        number("max.message.bytes", "1024 to 134217728") {
            Int64($0.messages.maxBytes)
        } set: { topic, value in
            topic.messages.maxBytes = Int(clamping: value)
            return TopicMessages.byteRange.contains(topic.messages.maxBytes)
        },
        TopicSetting(key: "message.timestamp.type", range: "CreateTime or LogAppendTime") {
            $0.messages.timestamps == .createTime ? "CreateTime" : "LogAppendTime"
        } set: { topic, text in
            topic.messages.timestamps = text == "LogAppendTime" ? .logAppendTime : .createTime
            return text == "LogAppendTime" || text == "CreateTime"
        },
        number("disk.priority", "0 to 9") {
            Int64($0.keeping.disk.priority)
        } set: { topic, value in
            guard let value = UInt8(exactly: value), TopicKeeping.DiskShare.priorities.contains(value) else {
                return false
            }
            topic.keeping.disk.priority = value
            return true
        },
        number("disk.floor.bytes", "0 or more") {
            $0.keeping.disk.floorBytes
        } set: { topic, value in
            topic.keeping.disk.floorBytes = value
            return value >= 0
        },
        TopicSetting(key: "disk.full", range: "block or drop") {
            $0.keeping.disk.whenFull == .block ? "block" : "drop"
        } set: {
            topic, text in
            topic.keeping.disk.whenFull = text == "block" ? .block : .drop
            return text == "block" || text == "drop"
        },
    ]

    private static func number(
        _ key: String, _ range: String, get: @escaping @Sendable (TopicConfiguration) -> Int64,
        set: @escaping @Sendable (inout TopicConfiguration, Int64) -> Bool
    ) -> TopicSetting {
        TopicSetting(key: key, range: range) {
            "\(get($0))"
        } set: { topic, text in
            Int64(text).map { set(&topic, $0) } ?? false
        }
    }

    private static func time(
        _ key: String, _ place: any WritableKeyPath<TopicConfiguration, Duration> & Sendable, smallest: Int64
    ) -> TopicSetting {
        number(key, "\(smallest) or more") {
            $0[keyPath: place].wholeMilliseconds
        } set: { topic, value in
            topic[keyPath: place] = .milliseconds(value)
            return value >= smallest
        }
    }

    private static func limitedTime(
        _ key: String, _ place: any WritableKeyPath<TopicConfiguration, Duration?> & Sendable, smallest: Int64
    ) -> TopicSetting {
        number(key, "-1, or \(smallest) or more") {
            $0[keyPath: place]?.wholeMilliseconds ?? -1
        } set: { topic, value in
            topic[keyPath: place] = value == -1 ? nil : .milliseconds(value)
            return value == -1 || value >= smallest
        }
    }
}
