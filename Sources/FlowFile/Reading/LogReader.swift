extension FlowReader {
    /// - Parameter section: `nil` if the file has none; then everything is as it is by default.
    func log(_ section: Section?) -> Flow.Log? {
        guard let section else {
            return Flow.Log(
                topicTemplate: Flow.Log.defaultTopicTemplate,
                topicPosition: SourcePosition(file: file, line: 1, column: 1),
                format: .plain, tombstones: false)
        }
        let topic = self.topic(section)
        checkFormat(section)
        if let key = section.word("key", ["primary-key", "none"]), key.value != "primary-key" {
            diagnostics.error(
                key.position, "`key: \(key.value)` is not built yet; records are keyed by the primary key")
        }
        if let partitions = section.text("partitions"), partitions.value != "1" {
            diagnostics.error(partitions.position, "captured topics have 1 partition; more are not built yet")
        }
        let tombstones = section.boolean("tombstones") ?? false
        guard let topic else { return nil }
        return Flow.Log(
            topicTemplate: topic.value, topicPosition: topic.position, format: .plain, tombstones: tombstones)
    }

    private func topic(_ section: Section) -> Section.Text? {
        guard let text = section.text("topic") else {
            return Section.Text(value: Flow.Log.defaultTopicTemplate, isPlain: true, position: section.position)
        }
        var rest = text.value[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                diagnostics.error(text.position, "`${` without `}` in the topic's name")
                return nil
            }
            let name = String(rest[start.upperBound..<end])
            guard name == "schema" || name == "table" else {
                diagnostics.error(
                    text.position,
                    "a topic's name knows ${schema} and ${table}, found \"${\(name)}\""
                        + Suggestion.text(for: name, among: ["schema", "table"]))
                return nil
            }
            rest = rest[rest.index(after: end)...]
        }
        return text
    }

    private func checkFormat(_ section: Section) {
        let format = section.word("format", ["plain", "debezium"])
        if let format, format.value == "debezium" {
            diagnostics.error(format.position, "`format: debezium` is not built yet; `plain` is")
        }
        guard let properties = section.node("properties") else { return }
        if format?.value != "debezium" {
            diagnostics.error(properties.position, "\"properties\" belong to `format: debezium`")
        }
    }
}
