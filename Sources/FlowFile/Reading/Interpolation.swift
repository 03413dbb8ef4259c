/// Puts values from outside into a text: `${NAME}` from the environment, `${file:PATH}` from a file, `$$` for one `$`.
///
/// What is put in is not looked at again. A `$` before anything else stays.
struct Interpolation {
    let surroundings: Surroundings
    let file: String
    let diagnostics: Diagnostics

    /// - Returns: `nil` after an error was reported. No message holds a value.
    func value(of text: Section.Text) -> String? {
        var result = ""
        var rest = text.value[...]
        var isWhole = true
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            switch rest.first {
            case "$":
                result += "$"
                rest = rest.dropFirst()
            case "{":
                guard let close = rest.firstIndex(of: "}") else {
                    diagnostics.error(text.position, "`${` without `}`; write `$$` for a dollar sign")
                    return nil
                }
                let name = rest[rest.index(after: rest.startIndex)..<close]
                rest = rest[rest.index(after: close)...]
                if let value = lookUp(String(name), text.position) { result += value } else { isWhole = false }
            default:
                result += "$"
            }
        }
        return isWhole ? result + rest : nil
    }

    func secret(_ text: Section.Text) -> Secret? { value(of: text).map(Secret.init) }

    private func lookUp(_ name: String, _ position: SourcePosition) -> String? {
        if name.hasPrefix("file:") { return readFile(String(name.dropFirst("file:".count)), position) }
        guard isVariable(name) else {
            diagnostics.error(
                position, "\"${\(name)}\" is neither ${NAME} nor ${file:PATH}; write `$$` for a dollar sign")
            return nil
        }
        guard let value = surroundings.environment(name) else {
            diagnostics.error(position, "the environment has no \(name); set it where edgebroker is started")
            return nil
        }
        if value.isEmpty {
            diagnostics.error(position, "\(name) in the environment is empty")
            return nil
        }
        return value
    }

    private func readFile(_ path: String, _ position: SourcePosition) -> String? {
        let path = FilePath.resolve(path, besides: file)
        do throws(Surroundings.SecretFileError) {
            var value = try surroundings.secretFile(path)[...]
            // Editors end a file with a line break; no secret ends with one. "\r\n" is one Character.
            if let last = value.last, last == "\n" || last == "\r\n" { value = value.dropLast() }
            if value.isEmpty {
                diagnostics.error(position, "\(path) is empty")
                return nil
            }
            return String(value)
        } catch {
            diagnostics.error(position, "\(path): \(error.reason)")
            return nil
        }
    }

    private func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
        }
    }
}
