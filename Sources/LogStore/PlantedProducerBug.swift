/// Mistakes with producers and their transactions that the simulation of them must find; as ``PlantedBug``.
package enum PlantedProducerBug: String, CaseIterable, Sendable {
    case duplicateBeforeSync, producersLostAtRoll, stableOffsetAboveOpen, markersForgottenAtStart, offsetsBeforeMarker

    #if PLANTED_BUGS
        /// Set once before a simulation starts, read by its one thread.
        package nonisolated(unsafe) static var active: PlantedProducerBug?
        package var isActive: Bool { Self.active == self }
    #else
        @inlinable package var isActive: Bool { false }
    #endif
}
