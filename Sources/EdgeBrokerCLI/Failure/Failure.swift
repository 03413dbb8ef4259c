/// Why a command ends early: a status for the script and a line for the person.
struct Failure: Error, CustomStringConvertible {
    let status: ExitStatus
    /// What happened, why, and what to do about it. One line; only a configuration's mistakes have one line each.
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
