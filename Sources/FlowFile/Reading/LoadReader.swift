extension FlowReader {
    /// - Parameter captured: the source's tables, or `nil` if those could not be read.
    func load(_ section: Section, captured: [SourceTable]?) -> Flow.Load? {
        let target = section.section("into", Schema.into).flatMap(target)
        if let unit = section.text("unit"), unit.value != "source-transaction" {
            diagnostics.error(unit.position, "\"unit\" must be source-transaction, found \"\(unit.value)\"")
        }
        if let onError = section.word("on_error", ["stop", "row", "transaction"]), onError.value != "stop" {
            diagnostics.error(onError.position, "`on_error: \(onError.value)` is not built yet; only `stop` is")
        }
        let sections = section.sections("tables", Schema.loadTable)
        if let sections, sections.isEmpty { diagnostics.error(section.position, "\"tables\" of load names no table") }
        let tables = sections?.compactMap { mapping($0, captured: captured) }
        checkTargets(tables ?? [])
        guard let target, let tables else { return nil }
        return Flow.Load(target: target.value, targetPosition: target.position, tables: tables)
    }

    private func target(_ section: Section) -> (value: Flow.Target, position: SourcePosition)? {
        let sqlite = section.text("sqlite")
        let postgres = section.text("postgres")
        if let postgres {
            diagnostics.error(postgres.position, "`into: postgres` is not built yet; `sqlite` is")
            return nil
        }
        guard let sqlite else {
            if !section.has("sqlite") { diagnostics.error(section.position, "into needs `sqlite: PATH`") }
            return nil
        }
        guard let path = interpolation.value(of: sqlite) else { return nil }
        // SQLite reads these as something else than a file's name.
        guard !path.isEmpty, path != ":memory:", !path.hasPrefix("file:") else {
            diagnostics.error(sqlite.position, "\"sqlite\" must be the path of a database file")
            return nil
        }
        return (.sqlite(path: FilePath.resolve(path, besides: file)), sqlite.position)
    }

    private func mapping(_ section: Section, captured: [SourceTable]?) -> Flow.TableMapping? {
        let from = section.text("from").flatMap { text in sourceTable(text).map { (table: $0, position: text.position) }
        }
        if let from, let captured, !captured.contains(from.table) {
            diagnostics.error(
                from.position,
                "\(from.table) is not among the captured tables of source"
                    + Suggestion.text(for: "\(from.table)", among: captured.map(\.description)))
        }
        let to = self.targetTable(section)
        let columns = self.columns(section)
        let key = self.key(section, columns)
        let filter = section.text("where").flatMap(expression)
        if let onDelete = section.text("on_delete"), onDelete.value != "delete" {
            diagnostics.error(onDelete.position, "`on_delete: \(onDelete.value)` is not built yet; only `delete` is")
        }
        guard let from, let to else { return nil }
        return Flow.TableMapping(
            position: section.position, from: from.table, fromPosition: from.position, to: to.value,
            toPosition: to.position,
            key: key?.map(\.value), keyPosition: key?.first?.position, filter: filter, columns: columns)
    }

    private func targetTable(_ section: Section) -> Section.Text? {
        guard let text = section.text("to") else { return nil }
        let name = text.value.lowercased()
        if text.value.isEmpty || text.value.utf8.contains(0) {
            diagnostics.error(text.position, "\"to\" must name a table")
        } else if text.value.contains(".") {
            diagnostics.error(
                text.position, "SQLite has no schemas; name the table without a dot, found \"\(text.value)\"")
        } else if name.hasPrefix("edgebroker_") || name.hasPrefix("sqlite_") {
            diagnostics.error(text.position, "tables named edgebroker_… and sqlite_… are not a flow's to write")
        } else {
            return text
        }
        return nil
    }

    /// A key may be named only among the mapped columns, if there are any.
    private func key(_ section: Section, _ columns: [Flow.Column]?) -> [Section.Text]? {
        guard let key = section.texts("key") else { return nil }
        if key.isEmpty {
            diagnostics.error(section.position, "\"key\" names no column; leave it out to use the source's key")
        }
        for (index, column) in key.enumerated() {
            if key[..<index].contains(where: { $0.value.lowercased() == column.value.lowercased() }) {
                diagnostics.error(column.position, "column \"\(column.value)\" is twice in the key")
            }
            if let columns, !columns.contains(where: { $0.name.lowercased() == column.value.lowercased() }) {
                diagnostics.error(
                    column.position,
                    "key column \"\(column.value)\" is not among the columns"
                        + Suggestion.text(for: column.value, among: columns.map(\.name)))
            }
        }
        return key
    }

    /// Two sources of one table would delete each other's rows at a truncate, at the end of a snapshot and by their filters.
    private func checkTargets(_ tables: [Flow.TableMapping]) {
        for (index, table) in tables.enumerated() {
            guard let first = tables[..<index].first(where: { $0.to.lowercased() == table.to.lowercased() }) else {
                continue
            }
            diagnostics.error(
                table.toPosition,
                "table \"\(table.to)\" is already loaded from \(first.from) in line \(first.toPosition.line); "
                    + "a target table has one source: load into two tables and join them in a view")
        }
    }
}
