/// Why there is no private server: a code to switch on, one line that says what happened, and what to do about it.
package struct PrivateClusterError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// No Postgres server of version 14 or newer is installed.
        case noServerInstalled
        /// We are root, which Postgres refuses to be, and there is no way to become somebody else.
        case cannotLeaveRoot
        /// The folder cannot be made, given to the server's user, or reached by it.
        case folder
        /// `initdb` failed.
        case initialisation
        /// The server ended or stayed silent instead of getting ready.
        case start
        /// The server did not end in time.
        case stop
        /// The system refused a process, pipe or descriptor.
        case noResources
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
