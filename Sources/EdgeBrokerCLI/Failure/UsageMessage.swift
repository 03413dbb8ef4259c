/// The parser's answer to a wrong command line, brought into one line.
enum UsageMessage {
    /// - Parameter text: `Error: …`, perhaps a hint, `Usage: …`, and `See '… --help' for more information.`
    static func line(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        let problem = lines.prefix { !$0.hasPrefix("Usage:") && !$0.hasPrefix("Help:") }
            .joined(separator: " ").trimmingPrefix("Error: ")
        let end = problem.hasSuffix(".") || problem.hasSuffix("?") ? "" : "."
        guard let see = lines.first(where: { $0.hasPrefix("See '") }) else { return problem + end }
        return "\(problem)\(end) \(see)"
    }
}
