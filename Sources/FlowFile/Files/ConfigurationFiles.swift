import Glibc

/// Reads configuration files from disk and hands their text to the pure part.
package enum ConfigurationFiles {
    package enum Kind: Sendable, Equatable {
        case plant, flow
    }

    /// Whether a file is a flow or the plant's own: the one has a key `flow`, `source` or `load` at its left edge.
    package static func kind(of path: String) throws(ConfigurationErrors) -> Kind {
        let lines = try text(of: path).split(whereSeparator: \.isNewline)
        return lines.contains { line in ["flow:", "source:", "load:"].contains { line.hasPrefix($0) } } ? .flow : .plant
    }

    package static func flow(
        at path: String, _ surroundings: Surroundings = .process
    ) throws(ConfigurationErrors) -> Checked<Flow> {
        try Flow.parse(text(of: path), file: path, surroundings)
    }

    /// The plant's file and all flows it names, checked one by one and against each other. A flow named by two patterns
    /// counts once.
    package static func plant(
        at path: String, _ surroundings: Surroundings = .process
    ) throws(ConfigurationErrors) -> Checked<Plant> {
        let plant = try PlantConfiguration.parse(text(of: path), file: path, surroundings)
        var warnings = plant.warnings
        var issues: [ConfigurationIssue] = []
        var paths: [String] = []
        for pattern in plant.value.flows {
            let matches = FilePattern.matches(pattern.path)
            if matches.isEmpty { issues.append(ConfigurationIssue(pattern.position, "no file \(pattern.path)")) }
            paths += matches.filter { !paths.contains($0) }
        }
        var flows: [Flow] = []
        for path in paths {
            do throws(ConfigurationErrors) {
                let flow = try flow(at: path, surroundings)
                flows.append(flow.value)
                warnings += flow.warnings
            } catch {
                guard error.code == .invalid else { throw error }
                issues += error.issues
            }
        }
        issues += FlowRules.violations(flows)
        guard issues.isEmpty else { throw ConfigurationErrors(issues) }
        return Checked(value: Plant(configuration: plant.value, flows: flows), warnings: warnings)
    }

    private static func text(of path: String) throws(ConfigurationErrors) -> String {
        let bytes: [UInt8]
        do throws(SmallFile.Failure) {
            bytes = try SmallFile.read(path).bytes
        } catch {
            switch error.errno {
            case ENOENT, ENOTDIR:
                throw ConfigurationErrors(.notFound, "There is no file \(path).", remedy: "Check the path.")
            case EACCES, EPERM:
                throw ConfigurationErrors(
                    .refused, "\(path) may not be read by this user.",
                    remedy: "Give the user that runs edgebroker the right to.")
            default:
                throw ConfigurationErrors(
                    [
                        ConfigurationIssue(
                            SourcePosition(file: path, line: 1, column: 1), "the file cannot be read: \(error.reason)")
                    ])
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationErrors(
                [
                    ConfigurationIssue(
                        SourcePosition(file: path, line: 1, column: 1), "the file is not UTF-8 text; save it as UTF-8")
                ])
        }
        return text
    }
}
