/// From a table to its topic, so that two tables never meet: in a schema's or table's name `-` becomes `--` and anything
/// outside `A-Z a-z 0-9 _` becomes `-<hex of its scalar>-`. Reading from the left, every name has one origin.
package enum TopicName {
    /// The longest name a topic may have, in bytes: Kafka's own limit.
    package static let maximumLength = 249

    package static let defaultTemplate = "${schema}.${table}"

    /// The topic of `table` by `template`, in which `${schema}` and `${table}` stand for the escaped names.
    package static func expand(_ template: String, for table: TableName) throws(ChangeEventsError) -> String {
        var topic = ""
        var rest = template[...]
        while let first = rest.unicodeScalars.first {
            if rest.hasPrefix("${schema}") {
                topic += escaped(table.schema)
                rest = rest.dropFirst("${schema}".count)
            } else if rest.hasPrefix("${table}") {
                topic += escaped(table.name)
                rest = rest.dropFirst("${table}".count)
            } else if isPlain(first) || first == "." || first == "-" {
                topic.unicodeScalars.append(first)
                rest = rest.dropFirst()
            } else {
                throw ChangeEventsError(
                    .invalidTopic, "The topic template \(template) has a letter that no topic name may have.",
                    remedy: "Use A-Z, a-z, 0-9, '.', '_', '-', ${schema} and ${table}.")
            }
        }
        try check(topic, of: table)
        return topic
    }

    /// The topics of all `tables`, in their order.
    /// - Parameter reserved: topics that are taken already, with what they are for.
    /// - Throws: `.topicTaken` naming both sides, `.invalidTopic`.
    package static func topics(
        _ template: String, for tables: [TableName], reserved: [String: String] = [:]
    ) throws(ChangeEventsError) -> [String] {
        var owners = reserved
        var topics: [String] = []
        for table in tables {
            let topic = try expand(template, for: table)
            if let owner = owners.updateValue("table \(table)", forKey: topic) {
                throw ChangeEventsError(
                    .topicTaken, "Topic \(topic) would be shared by \(owner) and table \(table).",
                    remedy: "Name the topic with both ${schema} and ${table}, for instance \(defaultTemplate).")
            }
            topics.append(topic)
        }
        return topics
    }

    private static func check(_ topic: String, of table: TableName) throws(ChangeEventsError) {
        if topic.utf8.count > maximumLength {
            throw ChangeEventsError(
                .invalidTopic,
                "The topic of table \(table) would have \(topic.utf8.count) bytes; at most \(maximumLength) are possible.",
                remedy:
                    "Letters outside A-Z, a-z, 0-9 and _ take up to eight; leave ${schema} out or shorten the template."
            )
        }
        if topic.isEmpty || topic == "." || topic == ".." || topic.hasPrefix("__") {
            throw ChangeEventsError(
                .invalidTopic, "Table \(table) cannot have the topic \"\(topic)\": such names belong to the broker.",
                remedy: "Put a letter in front of the template, for instance erp.\(defaultTemplate).")
        }
    }

    private static func escaped(_ name: String) -> String {
        var escaped = ""
        for scalar in name.unicodeScalars {
            if isPlain(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else if scalar == "-" {
                escaped += "--"
            } else {
                escaped += "-\(String(scalar.value, radix: 16))-"
            }
        }
        return escaped
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_": true
        default: false
        }
    }
}
