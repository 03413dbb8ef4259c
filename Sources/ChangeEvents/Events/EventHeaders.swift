package import RecordFormat

/// The headers that capture gives each record, all UTF-8 text. They are enough to order and deduplicate without the value.
///
/// | header        | meaning                                                                    |
/// |:--------------|:---------------------------------------------------------------------------|
/// | `eb.lsn`      | commit LSN, `X/Y`; of a snapshot row the consistent point                  |
/// | `eb.seq`      | ordinal in the transaction or snapshot, before any filter, from 0          |
/// | `eb.xid`      | transaction id; absent on snapshot rows and messages outside a transaction |
/// | `eb.ts`       | commit time, µs since 1970                                                 |
/// | `eb.snapshot` | id of the snapshot, only on its rows                                       |
package struct EventHeaders: Sendable, Hashable {
    package static let lsn = "eb.lsn"
    package static let sequence = "eb.seq"
    package static let transactionID = "eb.xid"
    package static let commitTime = "eb.ts"
    package static let snapshot = "eb.snapshot"

    package var lsn: LSN
    package var sequence: Int64
    package var transactionID: UInt32?
    package var commitTime: Int64
    package var snapshot: UInt64?

    package init(lsn: LSN, sequence: Int64, transactionID: UInt32?, commitTime: Int64, snapshot: UInt64?) {
        self.lsn = lsn
        self.sequence = sequence
        self.transactionID = transactionID
        self.commitTime = commitTime
        self.snapshot = snapshot
    }

    /// Reads the headers of a captured record; others among them are passed over.
    package init(decoding headers: [RecordHeader]) throws(ChangeEventsError) {
        func text(_ name: String) throws(ChangeEventsError) -> String? {
            guard let header = headers.first(where: { $0.key == name }) else { return nil }
            guard let value = header.value, let text = String(validating: value, as: UTF8.self) else {
                throw Self.malformed(name)
            }
            return text
        }
        func number<T: FixedWidthInteger>(_ name: String, _ type: T.Type) throws(ChangeEventsError) -> T? {
            guard let text = try text(name) else { return nil }
            guard let value = T(text) else { throw Self.malformed(name) }
            return value
        }
        guard let lsn = try text(Self.lsn).flatMap({ LSN($0) }) else { throw Self.malformed(Self.lsn) }
        guard let sequence = try number(Self.sequence, Int64.self), sequence >= 0 else {
            throw Self.malformed(Self.sequence)
        }
        guard let commitTime = try number(Self.commitTime, Int64.self) else { throw Self.malformed(Self.commitTime) }
        self.init(
            lsn: lsn, sequence: sequence, transactionID: try number(Self.transactionID, UInt32.self),
            commitTime: commitTime,
            snapshot: try number(Self.snapshot, UInt64.self))
    }

    private static func malformed(_ name: String) -> ChangeEventsError {
        ChangeEventsError(
            .malformedHeader, "A record's header \(name) is missing or not what capture writes.",
            remedy: "Only capture may write to a captured topic; run `edgebroker log verify` on the data directory.")
    }
}
