/// The settings of a topic as text, as the command line and Kafka's clients give them: this is the one table of their names.
///
/// Times are whole milliseconds and sizes bytes; -1 stands for "no limit" where there may be none.
extension TopicConfiguration {
    /// Reads settings over the defaults; a later one of the same key counts.
    ///
    /// - Throws: `.invalidConfiguration` with every mistake in one line.
    public init(partitionCount: Int32, settings: [(key: String, value: String)]) throws(BrokerError) {
        self.init(partitionCount: partitionCount)
        var interval: Duration?
        var isBuffered = false
        var mistakes: [String] = []
        for (key, value) in settings {
            switch key {
            case "durability":
                guard value == "synced" || value == "buffered" else {
                    mistakes.append("durability is synced or buffered, not \(value.prefix(80).debugDescription)")
                    continue
                }
                isBuffered = value == "buffered"
            case "sync.interval.ms":
                guard let number = Int64(value), Durability.intervals.contains(.milliseconds(number)) else {
                    mistakes.append("sync.interval.ms is 1 to 3600000, not \(value.prefix(80).debugDescription)")
                    continue
                }
                interval = .milliseconds(number)
            default:
                guard let setting = TopicSetting.all.first(where: { $0.key == key }) else {
                    mistakes.append("there is no topic setting \(key.prefix(80).debugDescription)")
                    continue
                }
                if !setting.set(&keeping, value) {
                    mistakes.append("\(key) is \(setting.range), not \(value.prefix(80).debugDescription)")
                }
            }
        }
        if isBuffered {
            durability = .buffered(syncEvery: interval ?? .seconds(1))
        } else if interval != nil {
            mistakes.append("sync.interval.ms needs durability=buffered")
        }
        if mistakes.isEmpty, let mistake = keeping.firstMistake { mistakes.append(mistake) }
        if mistakes.isEmpty { return }
        throw BrokerError(
            .invalidConfiguration, mistakes.joined(separator: "; ") + ".",
            remedy: "Known are \(Self.settingKeys.joined(separator: ", ")).")
    }

    /// Every setting and its value, in the order of the documentation.
    public var settings: [(key: String, value: String)] {
        var settings: [(key: String, value: String)] = []
        switch durability {
        case .synced: settings.append(("durability", "synced"))
        case .buffered(let interval):
            settings.append(("durability", "buffered"))
            settings.append(("sync.interval.ms", "\(interval.wholeMilliseconds)"))
        }
        return settings + TopicSetting.all.map { ($0.key, $0.get(keeping)) }
    }

    static let settingKeys = ["durability", "sync.interval.ms"] + TopicSetting.all.map(\.key)
}

/// One setting: its name, what it may be, and where it is.
private struct TopicSetting: Sendable {
    let key: String
    let range: String
    let get: @Sendable (TopicKeeping) -> String
    /// - Returns: false if the text is no such value.
    let set: @Sendable (inout TopicKeeping, String) -> Bool

    static let all: [TopicSetting] = [
        TopicSetting(key: "cleanup.policy", range: "delete, compact or compact,delete") { keeping in
            switch keeping.cleanup {
            case .delete: "delete"
            case .compact: "compact"
            case .compactAndDelete: "compact,delete"
            }
        } set: { keeping, text in
            switch text {
            case "delete": keeping.cleanup = .delete
            case "compact": keeping.cleanup = .compact
            case "compact,delete", "delete,compact", "both": keeping.cleanup = .compactAndDelete
            default: return false
            }
            return true
        },
        limitedTime("retention.ms", \.retention.age, smallest: 0),
        number("retention.bytes", "-1 or more") {
            $0.retention.bytes ?? -1
        } set: { keeping, value in
            guard value >= -1 else { return false }
            keeping.retention.bytes = value < 0 ? nil : value
            return true
        },
        number("segment.bytes", "1024 to 2147483647, or -1 for the broker's") {
            $0.segments.bytes.map { Int64($0) } ?? -1
        } set: { keeping, value in
            guard value == -1 || TopicKeeping.Segments.byteRange.contains(Int(clamping: value)) else { return false }
            keeping.segments.bytes = value < 0 ? nil : Int(clamping: value)
            return true
        },
        time("segment.ms", \.segments.age, smallest: 1),
        number("segment.index.bytes", "1024 to 1073741824") {
            Int64($0.segments.indexBytes)
        } set: { keeping, value in
            guard TopicKeeping.Segments.indexByteRange.contains(Int(clamping: value)) else { return false }
            keeping.segments.indexBytes = Int(clamping: value)
            return true
        },
        time("min.compaction.lag.ms", \.compaction.minimumLag, smallest: 0),
        limitedTime("max.compaction.lag.ms", \.compaction.maximumLag, smallest: 1),
        time("delete.retention.ms", \.compaction.tombstones, smallest: 0),
        TopicSetting(key: "min.cleanable.dirty.ratio", range: "0 to 1") {
            "\($0.compaction.dirtyRatio)"
        } set: {
            keeping, text in
            guard let value = Double(text), (0...1).contains(value) else { return false }
            keeping.compaction.dirtyRatio = value
            return true
        },
        number("disk.priority", "0 to 9") {
            Int64($0.disk.priority)
        } set: { keeping, value in
            guard let value = UInt8(exactly: value), TopicKeeping.DiskShare.priorities.contains(value) else {
                return false
            }
            keeping.disk.priority = value
            return true
        },
        number("disk.floor.bytes", "0 or more") {
            $0.disk.floorBytes
        } set: { keeping, value in
            keeping.disk.floorBytes = value
            return value >= 0
        },
        TopicSetting(key: "disk.full", range: "block or drop") {
            $0.disk.whenFull == .block ? "block" : "drop"
        } set: {
            keeping, text in
            keeping.disk.whenFull = text == "block" ? .block : .drop
            return text == "block" || text == "drop"
        },
    ]

    private static func number(
        _ key: String, _ range: String, get: @escaping @Sendable (TopicKeeping) -> Int64,
        set: @escaping @Sendable (inout TopicKeeping, Int64) -> Bool
    ) -> TopicSetting {
        TopicSetting(key: key, range: range) {
            "\(get($0))"
        } set: { keeping, text in
            Int64(text).map { set(&keeping, $0) } ?? false
        }
    }

    private static func time(
        _ key: String, _ place: any WritableKeyPath<TopicKeeping, Duration> & Sendable, smallest: Int64
    ) -> TopicSetting {
        number(key, "\(smallest) or more") {
            $0[keyPath: place].wholeMilliseconds
        } set: { keeping, value in
            keeping[keyPath: place] = .milliseconds(value)
            return value >= smallest
        }
    }

    private static func limitedTime(
        _ key: String, _ place: any WritableKeyPath<TopicKeeping, Duration?> & Sendable, smallest: Int64
    ) -> TopicSetting {
        number(key, "-1, or \(smallest) or more") {
            $0[keyPath: place]?.wholeMilliseconds ?? -1
        } set: { keeping, value in
            keeping[keyPath: place] = value == -1 ? nil : .milliseconds(value)
            return value == -1 || value >= smallest
        }
    }
}
