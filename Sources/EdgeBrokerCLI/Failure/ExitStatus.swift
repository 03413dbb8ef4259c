/// How `edgebroker` ends, for scripts and systemd. The list is a promise: see docs/operations.md.
///
/// 0 to 3 are also verdicts (`log verify`): good, warning, critical or different, could not tell.
enum ExitStatus: Int32, Sendable {
    case done = 0
    case warning = 1
    case critical = 2
    case unknown = 3
    /// The command line is wrong.
    case usage = 64
    /// Data that must not be used: a foreign slot, a slot ahead of us, a newer format.
    case unusableData = 65
    case notFound = 66
    case unreachable = 69
    /// Our bug.
    case bug = 70
    /// No room, or something cannot be created.
    case cannotCreate = 73
    case inputOutput = 74
    /// Busy or locked: the same command may succeed later.
    case busy = 75
    /// A password or a right.
    case refused = 77
    case configuration = 78
    /// Ctrl-C.
    case interrupted = 130
    /// SIGTERM, where it means that not everything was done.
    case terminated = 143
}
