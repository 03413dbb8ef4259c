import ArgumentParser

/// Names of topics as Kafka's tools take them: a regular expression for the whole name, or several with commas.
struct TopicPattern: Equatable, ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        text = argument
        if argument.isEmpty || (try? regex) == nil { return nil }
    }

    private var regex: Regex<AnyRegexOutput> {
        get throws { try Regex(text.filter { $0 != " " }.replacing(",", with: "|")) }
    }

    /// - Returns: those that match, in their order.
    func matching<Named>(_ all: [Named], name: (Named) -> String) throws -> [Named] {
        let regex = try regex
        return try all.filter { try regex.wholeMatch(in: name($0)) != nil }
    }
}
