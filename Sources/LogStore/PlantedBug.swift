/// Mistakes that the simulation must find, or it proves nothing. They exist only in a build with `PLANTED_BUGS`; in
/// every other build each question below is the constant `false` and the compiler removes it.
package enum PlantedBug: String, CaseIterable, Sendable {
    // A commit round.
    case acknowledgeBeforeSync, earlyHighWatermark, lateWaiterReleased, failedSyncRetried, partialAppendKept
    case markBeforeData
    // Files and their names.
    case noDirectorySync, sealBeforeSync, rewriteUnsynced, noChecksum, indexUnchecked
    // A start.
    case cutBelowMark, tornTailKept, tailUnsynced, epochKept, cleanMarkerKept
    // Deleting and compacting.
    case logStartUnsynced, swapUnsynced, tombstoneEarly, retentionByCalendar, gapUnrecorded
    // The broker's own topics.
    case indexTrusted, checkpointTrusted, offsetsEarly

    #if PLANTED_BUGS
        /// Set once before a simulation starts, read by its one thread.
        package nonisolated(unsafe) static var active: PlantedBug?
        package var isActive: Bool { Self.active == self }
    #else
        @inlinable package var isActive: Bool { false }
    #endif
}
