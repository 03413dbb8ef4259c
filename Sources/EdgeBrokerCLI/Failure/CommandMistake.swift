import ArgumentParser
import FlowFile

/// The word of a command line that names nothing. The parser complains first of what is missing, which is often what such a word was to give.
enum CommandMistake {
    /// - Parameters:
    ///   - arguments: that the parser has refused, without the program.
    ///   - refused: options that are known to others, each with what is said of it.
    /// - Returns: `nil` if every verb and option is known.
    static func line(
        _ arguments: some Sequence<String>, of root: any ParsableCommand.Type, refused: [String: String] = [:]
    ) -> String? {
        var command = root
        var path: [String] = []
        var rest = Array(arguments)[...]
        while let word = rest.first, !word.hasPrefix("-"), !command.configuration.subcommands.isEmpty {
            if word == "help", path.isEmpty { return nil }
            let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else { return unknownVerb(path + [word], among: names) }
            command = next
            path.append(word)
            rest.removeFirst()
        }
        return unknownOption(rest, KnownOptions(root.helpMessage(for: command, columns: 1000)), refused)
    }

    private static func unknownVerb(_ path: [String], among names: [String]) -> String {
        let hint = Suggestion.nearest(to: path.last ?? "", among: names).map { " Did you mean '\($0)'?" } ?? ""
        let all =
            names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and \(names.last ?? "")"
        return "There is no command '\(path.joined(separator: " "))'.\(hint) There are \(all)."
    }

    private static func unknownOption(
        _ words: ArraySlice<String>, _ known: KnownOptions, _ refused: [String: String]
    ) -> String? {
        var rest = words
        while let word = rest.popFirst(), word != "--" {
            // `-5` is a value.
            guard word.hasPrefix("-"), word != "-", Int(word) == nil else { continue }
            let name = String(word.prefix { $0 != "=" })
            if let takesValue = known.takesValue[name] {
                if takesValue, name == word { rest = rest.dropFirst() }
                continue
            }
            // `-ec`: two that take no value.
            if !name.hasPrefix("--"), name.dropFirst().allSatisfy({ known.takesValue["-\($0)"] == false }) { continue }
            if let why = refused[name] { return "\(name) is not offered. \(why)" }
            let hint =
                name.hasPrefix("--") ? Suggestion.nearest(to: name, among: known.takesValue.keys.sorted()) : nil
            return "Unknown option '\(name)'." + (hint.map { " Did you mean '\($0)'?" } ?? "")
        }
        return nil
    }
}

/// The options of a command, as its help lists them.
private struct KnownOptions {
    /// By name, with the dashes.
    private(set) var takesValue: [String: Bool] = [:]

    /// - Parameter help: `  -b, --bootstrap-server <host:port>  …` is the form of an option's line.
    init(_ help: String) {
        for line in help.split(separator: "\n") where line.hasPrefix("  -") {
            let words = line.split(separator: " ")
            let names = words.prefix { $0.hasPrefix("-") }.map { String($0.hasSuffix(",") ? $0.dropLast() : $0) }
            let isFollowed = words.dropFirst(names.count).first?.hasPrefix("<") == true
            for name in names { takesValue[name] = isFollowed }
        }
    }
}
