import EdgeBroker
import RecordFormat

/// Whether the slot on the server and the position in our log belong together. Everything here guards against the same
/// accident: going on although changes are missing.
enum SlotDecision {
    static func decide(
        _ facts: SourceFacts, _ name: String, _ state: SourceState
    ) throws(CaptureError) -> Preflight.SlotPlan {
        guard let intent = state.intent else {
            guard facts.slot == nil else {
                throw CaptureError(
                    .foreignSlot,
                    "The source has a replication slot \(name) that this log never made; somebody else may need it.",
                    remedy: "Choose another slot in the flow, or, if nobody reads it, "
                        + "run SELECT pg_drop_replication_slot('\(name)').")
            }
            return .create
        }
        try check(intent, facts.system, name)
        guard let position = state.position, state.snapshot == .finished else {
            guard let slot = facts.slot else { return .create }
            try checkKind(slot, name, facts)
            try checkFree(slot, name)
            return .dropAndCreate
        }
        if let end = facts.system.walEnd, end < position {
            throw CaptureError(
                .sourceBehind,
                "The source's WAL ends at \(end), before \(position) in this log: the source was put back to an earlier state.",
                remedy: CaptureError.captureAnew(instead: name))
        }
        guard let slot = facts.slot else {
            throw CaptureError(
                .slotLost, "The replication slot \(name) is gone: changes since \(position) are lost to it.",
                remedy: CaptureError.captureAnew(instead: name))
        }
        try checkKind(slot, name, facts)
        if slot.walStatus == "lost" {
            throw CaptureError(
                .slotLost, "The source has thrown away WAL that slot \(name) still needed (max_slot_wal_keep_size).",
                remedy: CaptureError.captureAnew(instead: name))
        }
        try checkFree(slot, name)
        if let confirmed = slot.confirmed, confirmed > position {
            throw CaptureError(
                .slotAhead,
                "Slot \(name) is at \(confirmed), ahead of \(position) in this log: the changes between are missing here.",
                remedy: "Restore the newer data directory. If there is none: \(CaptureError.captureAnew(instead: name))"
            )
        }
        return .resume(position)
    }

    private static func check(_ intent: SourceIntent, _ system: SourceFacts.System, _ name: String) throws(CaptureError)
    {
        if intent.systemID == system.systemID, intent.timeline == system.timeline { return }
        let difference =
            intent.systemID == system.systemID
            ? "timeline \(system.timeline) of the cluster, and the log was captured from timeline \(intent.timeline)"
            : "cluster \(system.systemID), and the log was captured from cluster \(intent.systemID)"
        throw CaptureError(
            .otherSystem, "The source is \(difference).",
            remedy: "Connect to the source it was. If there is none: \(CaptureError.captureAnew(instead: name))")
    }

    private static func checkKind(
        _ slot: SourceFacts.Slot, _ name: String, _ facts: SourceFacts
    ) throws(CaptureError) {
        if slot.isLogical, slot.plugin == "pgoutput", slot.database == facts.database { return }
        throw CaptureError(
            .foreignSlot,
            "Slot \(name) is not the one this log made: it is not for pgoutput in database \(facts.database).",
            remedy: "Choose another slot in the flow.")
    }

    private static func checkFree(_ slot: SourceFacts.Slot, _ name: String) throws(CaptureError) {
        guard let process = slot.activeProcess else { return }
        throw CaptureError(
            .slotBusy, "Slot \(name) is in use by server process \(process).",
            remedy: "Stop the other reader; after a lost connection the server frees it within wal_sender_timeout.")
    }
}
