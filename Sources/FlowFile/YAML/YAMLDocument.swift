import Yams

/// Reads the text of one YAML document into nodes that know their place.
///
/// Stricter than YAML: every duplicate key is an error, and anchors, aliases, tags and merge keys are refused, because
/// a flow file must say what it says where it says it.
struct YAMLDocument {
    private let file: String
    private let diagnostics: Diagnostics
    private var duplicates: DuplicateKeys
    private var seen: Set<Place> = []

    /// A node found twice came through an alias. A block map begins where its first key begins, hence the kind.
    private struct Place: Hashable {
        let line: Int
        let column: Int
        let kind: Int
    }

    /// - Returns: `nil` after at least one error was reported.
    static func read(_ text: String, file: String, _ diagnostics: Diagnostics) -> YAMLNode? {
        var duplicates = DuplicateKeys(text)
        while true {
            do {
                // Without rules every scalar stays text; the encoding is named because Yams' default reads the
                // environment and prints.
                let parser = try Parser(yaml: duplicates.text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    diagnostics.error(SourcePosition(file: file, line: 1, column: 1), "the file is empty")
                    return nil
                }
                // The parser must live on: nodes hold their anchors weakly.
                return withExtendedLifetime(parser) {
                    var document = YAMLDocument(file: file, diagnostics: diagnostics, duplicates: duplicates)
                    return document.convert(root)
                }
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                // The names are sorted, and the place is that of the first.
                let name = names.first ?? ""
                if duplicates.mark(name, line: context.mark.line, column: context.mark.column) { continue }
                diagnostics.error(
                    SourcePosition(file: file, line: max(1, context.mark.line), column: max(1, context.mark.column)),
                    "key \"\(name)\" appears twice in this map")
                return nil
            } catch {
                let issue = YAMLSyntaxError.explain(error, in: text, file)
                diagnostics.error(issue.position, issue.message)
                return nil
            }
        }
    }

    private init(file: String, diagnostics: Diagnostics, duplicates: DuplicateKeys) {
        self.file = file
        self.diagnostics = diagnostics
        self.duplicates = duplicates
    }

    private mutating func convert(_ node: Node) -> YAMLNode {
        let position = position(of: node)
        if case .scalar(let scalar) = node, scalar.string.isEmpty, scalar.tag.rawValue.isEmpty {
            // Several empty values may share one place.
            return YAMLNode(content: .scalar("", isPlain: scalar.style == .plain), position: position)
        }
        guard node.anchor == nil,
            seen.insert(Place(line: position.line, column: position.column, kind: kind(of: node))).inserted
        else {
            diagnostics.error(position, "anchors and aliases are not read here; write the value out where it belongs")
            return YAMLNode(content: .refused, position: position)
        }
        switch node {
        case .scalar(let scalar):
            guard isUntagged(scalar.tag, position) else { return YAMLNode(content: .refused, position: position) }
            return YAMLNode(content: .scalar(scalar.string, isPlain: scalar.style == .plain), position: position)
        case .sequence(let sequence):
            guard isUntagged(sequence.tag, position) else { return YAMLNode(content: .refused, position: position) }
            return YAMLNode(content: .sequence(sequence.map { convert($0) }), position: position)
        case .mapping(let mapping):
            guard isUntagged(mapping.tag, position) else { return YAMLNode(content: .refused, position: position) }
            return YAMLNode(content: .mapping(pairs(of: mapping)), position: position)
        case .alias:
            diagnostics.error(position, "anchors and aliases are not read here; write the value out where it belongs")
            return YAMLNode(content: .refused, position: position)
        }
    }

    private mutating func pairs(of mapping: Node.Mapping) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        var repeated: [(name: String, position: SourcePosition)] = []
        for (key, value) in mapping {
            let keyPosition = position(of: key)
            guard case .scalar(let scalar) = key else {
                diagnostics.error(
                    keyPosition, "a key must be a single word, found \(key.mapping == nil ? "a list" : "a map")")
                continue
            }
            if let name = duplicates.original(of: scalar.string) {
                repeated.append((name, keyPosition))
            } else {
                pairs.append(YAMLNode.Pair(key: scalar.string, keyPosition: keyPosition, value: convert(value)))
            }
        }
        report(repeated, besides: mapping.map(\.key))
        return pairs
    }

    /// All occurrences of a repeated key but the last carry a mark: the error belongs to all but the first.
    private func report(_ repeated: [(name: String, position: SourcePosition)], besides keys: [Node]) {
        for name in Set(repeated.map(\.name)) {
            let marked = repeated.filter { $0.name == name }.map(\.position)
            let last = keys.filter { $0.scalar?.string == name }.map { position(of: $0) }
            guard let first = marked.first else { continue }
            for position in marked.dropFirst() + last {
                diagnostics.error(position, "key \"\(name)\" appears twice in this map, first in line \(first.line)")
            }
        }
    }

    private func isUntagged(_ tag: Tag, _ position: SourcePosition) -> Bool {
        // Yams gives every quoted scalar the tag of a string.
        if tag.rawValue.isEmpty || tag.rawValue == "!" || tag.rawValue == Tag.Name.str.rawValue { return true }
        diagnostics.error(position, "YAML tags are not read here; put a value that begins with ! in quotes")
        return false
    }

    private func position(of node: Node) -> SourcePosition {
        SourcePosition(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private func kind(of node: Node) -> Int {
        switch node {
        case .scalar: 0
        case .sequence: 1
        case .mapping: 2
        case .alias: 3
        }
    }
}
