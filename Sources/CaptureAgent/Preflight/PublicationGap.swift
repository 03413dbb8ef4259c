import ChangeEvents
import EdgeBroker

/// Whether the publication of a slot that is resumed is still what was captured through it.
///
/// What is not published leaves no trace in the stream: to put it back and go on would hide that changes are missing. Only a
/// table that is new to the flow may still be added.
enum PublicationGap {
    static func check(
        _ facts: SourceFacts, _ configuration: CaptureConfiguration, _ state: SourceState
    ) throws(CaptureError) {
        let name = configuration.publication
        guard let publication = facts.publication else {
            throw CaptureError.publicationGap("Publication \(name) is gone", slot: configuration.slot)
        }
        let described = Set(try configuration.captured().filter { state.relations[$0.topic] != nil }.map(\.name))
        let tables = facts.tables.filter { described.contains($0.name) }
        func refuse(_ tables: [SourceFacts.Table], _ what: String) throws(CaptureError) {
            if tables.isEmpty { return }
            let names = tables.map(\.name.description).joined(separator: ", ")
            throw CaptureError.publicationGap("Publication \(name) \(what) \(names)", slot: configuration.slot)
        }
        // By object identifier: a table that was dropped and made anew has another one.
        try refuse(tables.filter { !publication.tables.contains($0.oid) }, "does not have")
        try refuse(tables.filter { publication.restricted.contains($0.oid) }, "has only a part of")
        if !publication.publishesEverything {
            throw CaptureError.publicationGap(
                "Publication \(name) does not publish every insert, update, delete and truncate",
                slot: configuration.slot)
        }
        if !publication.publishesViaRoot {
            try refuse(tables.filter { $0.kind == "p" }, "shows as tables of their own the partitions of")
        }
    }
}

extension CaptureError {
    static func publicationGap(_ what: String, slot: String) -> CaptureError {
        CaptureError(
            .publicationGap, "\(what): changes may be missing since.", remedy: captureAnew(instead: slot))
    }

    /// What is left to do if the slot cannot bring what the log does not have.
    static func captureAnew(instead slot: String) -> String {
        "Capture anew into an empty data directory, with another slot name, which begins with a snapshot; "
            + "if slot \(slot) is still there, drop it, because it holds back WAL."
    }
}
