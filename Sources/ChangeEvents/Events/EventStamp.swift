package import RecordFormat

/// What all rows of one transaction or one snapshot share, written out once: the commit's LSN, its transaction and time.
package struct EventStamp: Sendable {
    package let lsn: LSN
    /// `nil` for snapshot rows and for messages outside a transaction.
    package let transactionID: UInt32?
    /// Microseconds since 1970, within ``EventTime/range``.
    package let commitTime: Int64
    /// The snapshot's id on snapshot rows.
    package let snapshot: UInt64?

    let headers: [RecordHeader]
    /// `,"lsn":"0/1A2B3C8","seq":` as it stands in a value.
    let beforeSequence: [UInt8]
    /// `,"xid":7311,"ts":"2026-…Z"` as it stands in a value.
    let afterSequence: [UInt8]

    package init(lsn: LSN, transactionID: UInt32?, commitTime: Int64, snapshot: UInt64? = nil) {
        self.lsn = lsn
        self.transactionID = transactionID
        self.commitTime = commitTime
        self.snapshot = snapshot
        var headers = [RecordHeader(key: EventHeaders.lsn, value: Array(lsn.description.utf8))]
        if let transactionID {
            headers.append(RecordHeader(key: EventHeaders.transactionID, value: Array(String(transactionID).utf8)))
        }
        headers.append(RecordHeader(key: EventHeaders.commitTime, value: Array(String(commitTime).utf8)))
        if let snapshot {
            headers.append(RecordHeader(key: EventHeaders.snapshot, value: Array(String(snapshot).utf8)))
        }
        // Room for eb.seq, which each row inserts.
        headers.reserveCapacity(headers.count + 1)
        self.headers = headers
        beforeSequence = Array(",\"lsn\":\"\(lsn)\",\"seq\":".utf8)
        let transaction = transactionID.map { ",\"xid\":\($0)" } ?? ""
        afterSequence = Array("\(transaction),\"ts\":\"\(EventTime.text(commitTime))\"".utf8)
    }

    /// Commit time as a record's timestamp has it.
    package var timestamp: Timestamp {
        let (quotient, remainder) = commitTime.quotientAndRemainder(dividingBy: 1000)
        return Timestamp(millisecondsSince1970: remainder < 0 ? quotient - 1 : quotient)
    }

    /// The headers of row `sequence`.
    package func headers(sequence: Int64) -> [RecordHeader] {
        var all = headers
        all.insert(RecordHeader(key: EventHeaders.sequence, value: Array(String(sequence).utf8)), at: 1)
        return all
    }
}
