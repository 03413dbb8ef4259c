/// One thing that is wrong, or not built yet, at one place of a file.
package struct ConfigurationIssue: Sendable, Equatable, CustomStringConvertible {
    package let position: SourcePosition
    package let message: String

    package init(_ position: SourcePosition, _ message: String) {
        self.position = position
        self.message = message
    }

    package var description: String { "\(position): \(message)" }
}
