import ArgumentParser

/// Names of topics as Kafka's tools take them: a regular expression for the whole name, or several with commas.
struct TopicPattern: Equatable, ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        text = argument
        if argument.isEmpty || (try? regex) == nil { return nil }
    }

    private var regex: Regex<AnyRegexOutput> {
        get throws { try Regex(expression) }
    }

    /// The same for a consumer of librdkafka, which takes POSIX' extended expressions behind a `^`.
    /// - Throws: a `ValidationError` if it has what would mean something else there.
    var subscription: String {
        get throws(ValidationError) {
            let expression = expression
            if expression.contains(/\\[A-Za-z0-9]|\(\?/) {
                throw ValidationError(
                    "A group's pattern is an extended expression of POSIX, without \\d, (?…) and the like. Write [0-9] for \\d, or leave out --group."
                )
            }
            return "^(\(expression))$"
        }
    }

    private var expression: String { text.filter { $0 != " " }.replacing(",", with: "|") }

    /// - Returns: those that match, in their order.
    func matching<Named>(_ all: [Named], name: (Named) -> String) throws -> [Named] {
        let regex = try regex
        return try all.filter { try regex.wholeMatch(in: name($0)) != nil }
    }
}
