/// Kafka's rules for topic names: 1…249 of `[A-Za-z0-9._-]`, neither `.` nor `..`. They also make a name safe as a
/// folder's.
enum TopicNameRules {
    static let longest = 249
    /// Topics that are the broker's own, and how the others begin that are: one for each source.
    private static let own: Set<String> = [
        CatalogueRecord.topic, OffsetCommitRecord.topic, TransactionRecord.topic, ProducerIDRecord.topic,
        GapRecord.topic,
    ]

    /// Not every name that begins with `__`: Kafka's clients have such topics as well, Debezium's heartbeats for one.
    static func isOwn(_ name: String) -> Bool {
        name.hasPrefix("__") && (own.contains(name) || name.hasPrefix(SourceLog.indexPrefix))
    }

    /// - Throws: `.invalidTopicName`, saying which rule the name breaks.
    static func check(_ name: String) throws(BrokerError) {
        if name.isEmpty || name == "." || name == ".." { throw invalid(name, "is no topic name") }
        if name.utf8.count > longest { throw invalid(name, "has \(name.utf8.count) bytes") }
        if let bad = name.unicodeScalars.first(where: { !isAllowed($0) }) {
            throw invalid(name, "contains U+\(String(bad.value, radix: 16, uppercase: true))")
        }
    }

    /// - Throws: as ``check(_:)``, and for names that are the broker's own.
    static func checkOutside(_ name: String) throws(BrokerError) {
        try check(name)
        if isOwn(name) { throw invalid(name, "is kept for the broker itself") }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }

    private static func invalid(_ name: String, _ why: String) -> BrokerError {
        // The name goes into the message quoted and cut: it may hold anything.
        BrokerError(
            .invalidTopicName, "Topic name \(name.prefix(80).debugDescription) \(why).",
            remedy: "Use 1 to 249 of the letters a-z and A-Z, digits, '.', '_' and '-'.")
    }
}
