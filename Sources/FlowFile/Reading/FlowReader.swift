extension Flow {
    /// Reads the text of a flow file.
    /// - Parameter file: its path as the person named it: for messages, and what paths inside are relative to.
    /// - Throws: all mistakes together.
    package static func parse(
        _ text: String, file: String, _ surroundings: Surroundings
    ) throws(ConfigurationErrors) -> Checked<Flow> {
        let diagnostics = Diagnostics()
        guard let root = YAMLDocument.read(text, file: file, diagnostics) else { return try diagnostics.outcome(nil) }
        let reader = FlowReader(
            file: file, diagnostics: diagnostics,
            interpolation: Interpolation(surroundings: surroundings, file: file, diagnostics: diagnostics))
        return try diagnostics.outcome(reader.flow(root))
    }
}

/// Reads a flow from its nodes. Each part is read even when another is wrong.
struct FlowReader {
    let file: String
    let diagnostics: Diagnostics
    let interpolation: Interpolation

    func flow(_ root: YAMLNode) -> Flow? {
        guard let section = Section(root, Schema.flow, diagnostics) else { return nil }
        let name = self.name(section)
        let about = section.text("description")?.value
        let source = section.section("source", Schema.source).flatMap(source)
        let log = self.log(section.section("log", Schema.log))
        let load = section.section("load", Schema.load).map { self.load($0, captured: source?.tables.map(\.table)) }
        if let source, let log { TopicCollisions.check(source.tables, log, diagnostics) }
        checkUnbuilt(section)
        // A load that could not be read has left an error behind, so that this flow goes nowhere.
        guard let name, let source, let log else { return nil }
        return Flow(position: section.position, name: name, about: about, source: source, log: log, load: load ?? nil)
    }

    private func name(_ section: Section) -> String? {
        guard let text = section.text("flow") else { return nil }
        let isLegal = text.value.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
        }
        guard isLegal, (1...100).contains(text.value.utf8.count) else {
            diagnostics.error(
                text.position, "a flow's name has 1 to 100 of the letters A-Z a-z 0-9 . _ -, found \"\(text.value)\"")
            return nil
        }
        return text.value
    }

    /// Sections that nothing reads yet are still held to their keys, so that a slip is found today.
    private func checkUnbuilt(_ section: Section) {
        _ = section.section("quarantine", Schema.quarantine)
        _ = section.sections("forward", Schema.forward)
        _ = section.sections("tests", Schema.test)
    }
}
