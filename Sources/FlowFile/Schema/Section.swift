/// A map of the file, checked against its schema, read key by key.
///
/// Each reader reports what is wrong and answers `nil`; the caller goes on, so that one run finds every mistake.
struct Section {
    /// A single value and its place.
    struct Text {
        let value: String
        /// Neither quoted nor on its own `|` line.
        let isPlain: Bool
        let position: SourcePosition
    }

    let schema: SectionSchema
    let position: SourcePosition
    let diagnostics: Diagnostics
    private let pairs: [String: YAMLNode.Pair]

    /// - Parameter position: the key that names the section, where a missing key is reported.
    init?(_ node: YAMLNode, _ schema: SectionSchema, at position: SourcePosition? = nil, _ diagnostics: Diagnostics) {
        guard case .mapping(let found) = node.content else {
            if case .refused = node.content { return nil }
            diagnostics.error(node.position, "\(schema.name) must be a map of keys and values, found \(node.kind)")
            return nil
        }
        self.schema = schema
        self.position = position ?? node.position
        self.diagnostics = diagnostics
        var known: [String: YAMLNode.Pair] = [:]
        for pair in found where Self.isKnown(pair, schema, diagnostics) { known[pair.key] = pair }
        pairs = known
        for key in schema.keys where key.isRequired && !found.contains(where: { $0.key == key.name }) {
            diagnostics.error(self.position, "\(schema.name) needs the key \"\(key.name)\"")
        }
    }

    private static func isKnown(_ pair: YAMLNode.Pair, _ schema: SectionSchema, _ diagnostics: Diagnostics) -> Bool {
        guard let key = schema.key(pair.key) else {
            var message = "unknown key \"\(pair.key)\""
            let suggestion = Suggestion.text(for: pair.key, among: schema.keys.map(\.name))
            if !suggestion.isEmpty {
                message += suggestion
            } else if let home = Schema.homes(of: pair.key).first {
                message += " in \(schema.name); it belongs to \(home)"
            } else {
                message += " in \(schema.name); known: \(schema.keys.map(\.name).joined(separator: ", "))"
            }
            diagnostics.error(pair.keyPosition, message)
            return false
        }
        switch key.state {
        case .built: break
        case .ignored(let what):
            diagnostics.warning(pair.keyPosition, "`\(key.name)` is not built yet: \(what)")
        case .refused(let what):
            diagnostics.error(pair.keyPosition, "`\(key.name)` is not built yet: \(what)")
        }
        return true
    }

    func has(_ key: String) -> Bool { pairs[key] != nil }

    /// The value of a key that is there and not null.
    func node(_ key: String) -> YAMLNode? {
        guard let pair = pairs[key] else { return nil }
        if case .refused = pair.value.content { return nil }
        if pair.value.isNull {
            diagnostics.error(pair.keyPosition, "\"\(key)\" has no value")
            return nil
        }
        return pair.value
    }

    func section(_ key: String, _ schema: SectionSchema) -> Section? {
        guard let node = node(key) else { return nil }
        return Section(node, schema, at: pairs[key]?.keyPosition, diagnostics)
    }

    /// Any single value as the text that stands there: `yes` is the word yes, `007` is three digits.
    func text(_ key: String) -> Text? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let text, let isPlain) = node.content else {
            diagnostics.error(node.position, "\"\(key)\" must be a single value, found \(node.kind)")
            return nil
        }
        return Text(value: text, isPlain: isPlain, position: node.position)
    }

    func boolean(_ key: String) -> Bool? {
        guard let text = text(key) else { return nil }
        switch text.value {
        case "true": return true
        case "false": return false
        default:
            diagnostics.error(text.position, "\"\(key)\" must be true or false, found \"\(text.value)\"")
            return nil
        }
    }

    /// One of a few words.
    func word(_ key: String, _ legal: [String]) -> Text? {
        guard let text = text(key) else { return nil }
        if legal.contains(text.value) { return text }
        let suggestion = Suggestion.text(for: text.value, among: legal)
        diagnostics.error(
            text.position,
            "\"\(key)\" must be \(legal.joined(separator: " or ")), found \"\(text.value)\"\(suggestion)")
        return nil
    }

    func elements(_ key: String) -> [YAMLNode]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let elements) = node.content else {
            diagnostics.error(node.position, "\"\(key)\" must be a list, found \(node.kind)")
            return nil
        }
        return elements.filter { if case .refused = $0.content { false } else { true } }
    }

    /// A list of single values.
    func texts(_ key: String) -> [Text]? {
        elements(key)?.compactMap { element in
            guard case .scalar(let text, let isPlain) = element.content, !element.isNull else {
                diagnostics.error(
                    element.position, "\"\(key)\" must be a list of single values, found \(element.kind) in it")
                return nil
            }
            return Text(value: text, isPlain: isPlain, position: element.position)
        }
    }

    /// A list of maps.
    func sections(_ key: String, _ schema: SectionSchema) -> [Section]? {
        elements(key)?.compactMap { Section($0, schema, diagnostics) }
    }

    func size(_ key: String) -> ByteCount? {
        guard let text = text(key) else { return nil }
        if let size = ByteCount(text.value) { return size }
        diagnostics.error(
            text.position, "\"\(key)\" must be a size such as 40GB, 64 MB or 512MiB, found \"\(text.value)\"")
        return nil
    }
}
