/// The settings of a topic as text, as the command line and Kafka's clients give them.
///
/// Times are whole milliseconds and sizes bytes; -1 stands for "no limit" where there may be none.
extension TopicConfiguration {
    /// Reads settings over the defaults; a later one of the same key counts.
    ///
    /// - Throws: `.invalidConfiguration` with every mistake in one line.
    public init(partitionCount: Int32, settings: [(key: String, value: String)]) throws(BrokerError) {
        try self.init(partitionCount: partitionCount, settings: settings, over: TopicConfiguration())
    }

    /// - Parameter defaults: what is not among the settings.
    init(
        partitionCount: Int32, settings: [(key: String, value: String)], over defaults: TopicConfiguration
    ) throws(BrokerError) {
        self = defaults
        self.partitionCount = partitionCount
        var interval: Duration?
        var isBuffered = false
        var flushes: [String] = []
        var mistakes: [String] = []
        var namesUnknown = false
        for (key, value) in settings {
            let quoted = value.prefix(80).debugDescription
            switch key {
            case "durability":
                guard value == "synced" || value == "buffered" else {
                    mistakes.append("durability is synced or buffered, not \(quoted)")
                    continue
                }
                isBuffered = value == "buffered"
            case "sync.interval.ms":
                guard let number = Int64(value), Durability.intervals.contains(.milliseconds(number)) else {
                    mistakes.append("sync.interval.ms is 1 to 3600000, not \(quoted)")
                    continue
                }
                interval = .milliseconds(number)
            default:
                if let setting = TopicSetting.all.first(where: { $0.key == key }) {
                    if !setting.set(&self, value) { mistakes.append("\(key) is \(setting.range), not \(quoted)") }
                } else if let fixed = FixedTopicSetting.all.first(where: { $0.key == key }) {
                    if !fixed.accepts(value) {
                        mistakes.append("\(key) is \(fixed.value), not \(quoted): \(fixed.why)")
                    }
                    if key.hasPrefix("flush.") { flushes.append(key) }
                } else {
                    mistakes.append("there is no topic setting \(key.prefix(80).debugDescription)")
                    namesUnknown = true
                }
            }
        }
        if isBuffered {
            durability = .buffered(syncEvery: interval ?? .seconds(1))
            mistakes += flushes.map { "\($0) cannot be had with durability=buffered: sync.interval.ms says when" }
        } else {
            durability = .synced
            if interval != nil { mistakes.append("sync.interval.ms needs durability=buffered") }
        }
        if mistakes.isEmpty, let mistake = keeping.firstMistake { mistakes.append(mistake) }
        if mistakes.isEmpty { return }
        throw BrokerError(
            .invalidConfiguration, mistakes.joined(separator: "; ") + ".",
            remedy: namesUnknown
                ? "Known are \(Self.settingKeys.joined(separator: ", "))."
                : "Nothing was changed. docs/topic-settings.md says what each setting takes.")
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
        return settings + TopicSetting.all.map { ($0.key, $0.get(self)) }
    }

    static let settingKeys = ["durability", "sync.interval.ms"] + TopicSetting.all.map(\.key)
}
