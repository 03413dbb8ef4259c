extension FlowReader {
    /// The `columns` map, in the file's order.
    func columns(_ section: Section) -> [Flow.Column]? {
        guard let node = section.node("columns") else { return nil }
        guard case .mapping(let pairs) = node.content else {
            diagnostics.error(node.position, "\"columns\" must be a map of column: expression, found \(node.kind)")
            return nil
        }
        if pairs.isEmpty {
            diagnostics.error(node.position, "\"columns\" names no column; leave it out to load all of them unchanged")
        }
        var seen: Set<String> = []
        return pairs.compactMap { pair in
            guard isColumnName(pair) else { return nil }
            if !seen.insert(pair.key.lowercased()).inserted {
                diagnostics.error(
                    pair.keyPosition,
                    "column \"\(pair.key)\" is there already; SQLite does not tell upper from lower case")
            }
            guard let expression = expression(pair.value, of: pair.key) else { return nil }
            return Flow.Column(name: pair.key, position: pair.keyPosition, expression: expression)
        }
    }

    /// The rest of an expression that a flow map cut at its comma arrives here as a key.
    private func isColumnName(_ pair: YAMLNode.Pair) -> Bool {
        if pair.value.isNull, pair.key.contains(where: { "()'\"|,".contains($0) }) {
            diagnostics.error(
                pair.keyPosition,
                "\"\(pair.key)\" looks like the rest of an expression: a map in { } is cut at every comma; "
                    + "put one expression a line, or it in quotes")
            return false
        }
        guard !pair.key.isEmpty, !pair.key.utf8.contains(0) else {
            diagnostics.error(pair.keyPosition, "a column has no name")
            return false
        }
        return true
    }

    private func expression(_ node: YAMLNode, of column: String) -> Expression? {
        switch node.content {
        case .scalar(let text, let isPlain):
            if node.isNull {
                diagnostics.error(
                    node.position, "column \"\(column)\" has no expression; write 'null' in quotes for a null")
                return nil
            }
            return expression(Section.Text(value: text, isPlain: isPlain, position: node.position))
        case .mapping:
            diagnostics.error(
                node.position,
                "the expression of \"\(column)\" became a map, because it holds `: `; "
                    + YAMLSyntaxError.quoteRemedy)
            return nil
        case .refused:
            return nil
        case .sequence:
            diagnostics.error(
                node.position,
                "the expression of \"\(column)\" became a list, because it begins with [ or -; "
                    + YAMLSyntaxError.quoteRemedy)
            return nil
        }
    }

    func expression(_ text: Section.Text) -> Expression? {
        let body = text.value.drop(while: \.isWhitespace)
        let trimmed = String(body.reversed().drop(while: \.isWhitespace).reversed())
        guard !trimmed.isEmpty else {
            diagnostics.error(text.position, "the expression is empty")
            return nil
        }
        // `label: a || ' #' || b` ends before the #, which YAML takes for a comment.
        if text.isPlain, trimmed.utf8.count(where: { $0 == UInt8(ascii: "'") }) % 2 == 1 {
            diagnostics.error(
                text.position,
                "the expression ends inside a quoted text: YAML takes ` #` for a comment; "
                    + YAMLSyntaxError.quoteRemedy)
            return nil
        }
        return Expression(text: trimmed, position: text.position)
    }
}
