/// Everything that keeps a configuration from being used, all of it at once.
package struct ConfigurationErrors: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The text of a file is not a configuration: see ``ConfigurationErrors/issues``.
        case invalid
        /// The file does not exist.
        case notFound
        /// The file exists and may not be read.
        case refused
    }

    package let code: Code
    /// In the order of files and lines.
    package let issues: [ConfigurationIssue]
    package let message: String
    package let remedy: String

    package init(_ issues: [ConfigurationIssue]) {
        code = .invalid
        self.issues = issues
        message = issues.map(\.description).joined(separator: "\n")
        remedy = ""
    }

    init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        issues = []
        self.message = message
        self.remedy = remedy
    }

    package var description: String { remedy.isEmpty ? message : "\(message) \(remedy)" }
}
