package import RecordFormat

/// Up to where a flow's index records have taken effect in a target. It stands in the target and changes in the same transaction
/// as the rows: that alone makes loading exactly once in effect.
package struct LoadPosition: Sendable, Equatable {
    /// The first index record that has had no effect yet.
    package var nextOffset: Offset
    /// Where in the ERP's WAL that is, if any record so far told.
    package var endLSN: LSN?
    /// CRC-32C of the last record's value: if the log holds another record there, it is not the log that was loaded.
    package var checksum: UInt32

    package static let start = LoadPosition(nextOffset: .zero, endLSN: nil, checksum: 0)

    package init(nextOffset: Offset, endLSN: LSN?, checksum: UInt32) {
        self.nextOffset = nextOffset
        self.endLSN = endLSN
        self.checksum = checksum
    }
}

/// Whose position it is.
package struct LoadIdentity: Sendable, Equatable {
    package let flow: String
    package let slot: String
    /// The index topic's id, which no other log has.
    package let logID: String

    package init(flow: String, slot: String, logID: String) {
        self.flow = flow
        self.slot = slot
        self.logID = logID
    }
}

/// What a target remembers of a flow.
package struct LoadState: Sendable, Equatable {
    package let position: LoadPosition
    /// The table descriptions that rows after the position need, by topic.
    package let relations: [String: [UInt8]]
    /// Whether a snapshot has begun and not ended.
    package let isInSnapshot: Bool

    package init(position: LoadPosition, relations: [String: [UInt8]], isInSnapshot: Bool) {
        self.position = position
        self.relations = relations
        self.isInSnapshot = isInSnapshot
    }
}

/// A database that is loaded. Blocking; one thread's. Everything between ``begin()`` and ``commit(_:)`` takes effect together
/// with the position, or not at all.
package protocol LoadTarget: AnyObject {
    /// Makes this the only loader of the flow: whoever claimed it before can commit no more.
    /// - Throws: `.foreignLog` if the position there is of another log.
    func claim(_ identity: LoadIdentity) throws(LoaderError) -> LoadState

    func begin() throws(LoaderError)

    /// Creates the mapping's table, or checks the one that is there. What was prepared for the same table before is replaced, or,
    /// if it had other columns, can still be used by its own number.
    /// - Returns: the number by which ``apply(_:to:)`` knows it.
    func prepare(_ mapping: CompiledMapping) throws(LoaderError) -> Int

    /// - Throws: `.row` with the reason alone; the caller knows which row it is.
    func apply(_ effect: RowEffect, to table: Int) throws(LoaderError)

    func keep(relation: [UInt8], of topic: String) throws(LoaderError)

    /// From here on foreign keys are not enforced, and what is upserted is noted. The transaction must hold nothing else, and
    /// what an earlier snapshot left unfinished is forgotten.
    /// - Parameter targets: the tables that it will fill.
    func beginSnapshot(_ id: UInt64, targets: [String]) throws(LoaderError)

    /// Removes the rows that the snapshot did not contain, and enforces foreign keys again. The transaction must hold nothing
    /// else.
    /// - Throws: `.foreignKeys` if one does not hold.
    func endSnapshot(_ id: UInt64) throws(LoaderError)

    /// - Throws: `.foreignKeys`, `.fenced`, and what a disk can do. Whether it took effect is known when this returns or throws.
    func commit(_ position: LoadPosition) throws(LoaderError)

    /// Nothing since ``begin()`` has happened. Harmless without a transaction. ``claim(_:)`` comes next: what was prepared or
    /// noted since ``begin()`` is not there any more.
    func rollBack() throws(LoaderError)
}
