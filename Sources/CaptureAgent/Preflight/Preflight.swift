package import EdgeBroker
package import RecordFormat

/// Decides, before anything is made, whether capture can run and what it has to make. Pure.
///
/// Each refusal is one line: what is, and the statement or decision that changes it.
package struct Preflight: Sendable, Equatable {
    package enum SlotPlan: Sendable, Equatable {
        /// Write the intent, make the slot, take the snapshot.
        case create
        /// The same, but drop the slot that the intent names first: its snapshot was never whole.
        case dropAndCreate
        case resume(LSN)
    }

    /// Statements that make the publication exact; none if it is.
    package let publicationStatements: [String]
    package let slot: SlotPlan

    package init(
        _ facts: SourceFacts, _ configuration: CaptureConfiguration, _ state: SourceState
    ) throws(CaptureError) {
        try ServerCheck.check(facts, needsSlot: facts.slot == nil)
        try TableCheck.check(facts, configuration)
        slot = try SlotDecision.decide(facts, configuration.slot, state)
        if case .resume = slot { try PublicationGap.check(facts, configuration, state) }
        publicationStatements = try PublicationPlan.statements(facts, configuration)
    }
}
