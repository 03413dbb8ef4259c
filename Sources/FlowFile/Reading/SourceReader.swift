extension FlowReader {
    func source(_ section: Section) -> Flow.Source? {
        let postgres = section.text("postgres").flatMap(interpolation.secret)
        let slot = self.slot(section)
        let publication = self.publication(section)
        let tables = self.tables(section)
        if let snapshot = section.word("snapshot", ["once", "never", "always"]), snapshot.value != "once" {
            diagnostics.error(snapshot.position, "`snapshot: \(snapshot.value)` is not built yet; only `once` is")
        }
        guard let postgres, let slot, let tables else { return nil }
        return Flow.Source(
            postgres: postgres, slot: slot.value, slotPosition: slot.position, publication: publication ?? slot.value,
            tables: tables)
    }

    /// Postgres' own rule, checked here so that the answer names the line.
    private func slot(_ section: Section) -> Section.Text? {
        guard let text = section.text("slot") else { return nil }
        let isLegal = text.value.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 95 }
        guard isLegal, (1...63).contains(text.value.utf8.count) else {
            diagnostics.error(
                text.position, "a slot's name has 1 to 63 of the letters a-z 0-9 _, found \"\(text.value)\"")
            return nil
        }
        return text
    }

    private func publication(_ section: Section) -> String? {
        guard let text = section.text("publication") else { return nil }
        guard (1...63).contains(text.value.utf8.count) else {
            diagnostics.error(text.position, "a publication's name has 1 to 63 bytes, found \(text.value.utf8.count)")
            return nil
        }
        return text.value
    }

    private func tables(_ section: Section) -> [Flow.CapturedTable]? {
        guard let texts = section.texts("tables") else { return nil }
        if texts.isEmpty { diagnostics.error(section.position, "\"tables\" of source names no table") }
        var tables: [Flow.CapturedTable] = []
        for text in texts {
            guard let table = sourceTable(text) else { continue }
            if tables.contains(where: { $0.table == table }) {
                diagnostics.error(text.position, "table \(table) is named twice")
            } else {
                tables.append(Flow.CapturedTable(table: table, position: text.position))
            }
        }
        return tables.count == texts.count ? tables : nil
    }

    func sourceTable(_ text: Section.Text) -> SourceTable? {
        if let table = SourceTable(text.value) { return table }
        diagnostics.error(
            text.position,
            "a table is written schema.table, with \"…\" around a name that has a dot, found \"\(text.value)\"")
        return nil
    }
}
