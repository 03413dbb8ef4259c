/// Why a demonstration could not be given: a code to switch on, one line that says what happened, and what to do about it.
package struct DemoError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The folder cannot be made, written, or is in use.
        case folder
        /// The MES did not get everything in time.
        case stalled
        /// Somebody asked to stop.
        case interrupted
    }

    package let code: Code
    package let message: String
    package let remedy: String

    init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message) \(remedy)" }
}
