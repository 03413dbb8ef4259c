/// Mistakes that the simulation of groups must find, or it proves nothing. They exist only in a build with `PLANTED_BUGS`; in every
/// other build each question below is the constant `false` and the compiler removes it.
package enum PlantedGroupBug: String, CaseIterable, Sendable {
    case generationIgnored, generationKept, answeredBeforeWritten, leaderHeardTwice, replacementNotWritten
    case sessionsForgotten, replayForgetsGeneration
    // Of groups in the consumer protocol.
    case partitionGivenTwice, revocationNotAwaited, heartbeatAnsweredBeforeWritten, memberEpochIgnored
    case replayForgetsEpoch, consumersNeverExpire

    #if PLANTED_BUGS
        /// Set once before a simulation starts, read by its one thread.
        package nonisolated(unsafe) static var active: PlantedGroupBug?
        package var isActive: Bool { Self.active == self }
    #else
        @inlinable package var isActive: Bool { false }
    #endif
}
