/// The APIs and versions that are offered, as a table in Markdown.
package func compatibilityTable(of apis: [any WireAPI.Type] = SupportedAPIs.all) -> String {
    let head = "| key | API | versions | first flexible |\n|---:|:--|:--|:--|\n"
    return apis.sorted { $0.key.rawValue < $1.key.rawValue }.reduce(into: head) { table, api in
        let flexible = api.firstFlexibleVersion.flatMap { api.versions.contains($0) ? String($0) : nil } ?? "–"
        table += "| \(api.key.rawValue) | \(api.key.name) | \(text(of: api.versions)) | \(flexible) |\n"
    }
}

private func text(of versions: ClosedRange<Int16>) -> String {
    versions.count == 1 ? "\(versions.lowerBound)" : "\(versions.lowerBound)–\(versions.upperBound)"
}
