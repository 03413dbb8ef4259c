/// Gathers what is found in one file while the reading goes on, so that a person hears of all mistakes together.
final class Diagnostics {
    private(set) var errors: [ConfigurationIssue] = []
    private(set) var warnings: [ConfigurationIssue] = []

    func error(_ position: SourcePosition, _ message: String) {
        errors.append(ConfigurationIssue(position, message))
    }

    func warning(_ position: SourcePosition, _ message: String) {
        warnings.append(ConfigurationIssue(position, message))
    }

    /// The value, if nothing spoke against it.
    func outcome<Value>(_ value: Value?) throws(ConfigurationErrors) -> Checked<Value> {
        guard errors.isEmpty else { throw ConfigurationErrors(Self.inOrder(errors)) }
        guard let value else { preconditionFailure("A file was refused without an error") }
        return Checked(value: value, warnings: Self.inOrder(warnings))
    }

    private static func inOrder(_ issues: [ConfigurationIssue]) -> [ConfigurationIssue] {
        issues.sorted { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }
    }
}

/// A value read from a file, and what a person should know about it.
package struct Checked<Value: Sendable>: Sendable {
    package let value: Value
    package let warnings: [ConfigurationIssue]
}
