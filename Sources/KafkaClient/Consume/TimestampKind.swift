/// What the time of a record tells, as its topic's `message.timestamp.type` has it.
package enum TimestampKind: Sendable, Equatable {
    /// When whoever sent it made it.
    case created
    /// When the server appended it.
    case appended
}
