import Foundation
package import PostgresClient
package import RecordFormat
package import SQLiteClient

/// Somebody who reads the MES all the time, as its users do, and knows nothing of how the rows get there.
package final class MESObserver {
    private let mes: SQLiteDatabase
    private let tables: SQLiteStatement
    private let sums: SQLiteStatement
    private let markers: SQLiteStatement

    /// How often the sums were looked at.
    package private(set) var looks = 0
    /// How often they differed: half a transaction was to be seen.
    package private(set) var tornLooks = 0

    /// - Parameter path: of a database that has ``MESSchema``.
    package init(_ path: String) throws(SQLiteError) {
        mes = try SQLiteDatabase(path: path, .readOnly)
        tables = try mes.prepare("select count(*) from sqlite_schema where name = 'edgebroker_position'")
        sums = try mes.prepare(MESSchema.invariant)
        markers = try mes.prepare("select count(*) from machine_log where id = ?")
    }

    /// Up to where the ERP's changes are in the MES; nil before the flow was loaded at all.
    package func position() throws(SQLiteError) -> LSN? {
        guard try tables.rows() == [[.integer(1)]] else { return nil }
        let rows = try mes.prepare("select end_lsn from edgebroker_position where flow = ?").rows([.text(DemoFlow.name)]
        )
        guard case .text(let text)? = rows.first?.first else { return nil }
        return LSN(text)
    }

    package func has(_ marker: DrainMarker) throws(SQLiteError) -> Bool {
        if try markers.rows([.integer(marker.row)]) == [[.integer(1)]] { return true }
        return try position().map { $0 >= marker.committedBy } ?? false
    }

    /// Compares the two sums that are equal after every ERP transaction.
    package func checkSums() throws(SQLiteError) {
        let row = try sums.rows()[0]
        looks += 1
        if row[0] != row[1] { tornLooks += 1 }
    }

    /// Returns true when everything that is committed in the ERP now is in the MES, the snapshot included; false if that takes
    /// longer than `patience`.
    ///
    /// - Parameter body: called again and again meanwhile.
    package func waitForEverything(
        of erp: PostgresConnection, within patience: Duration, _ body: () throws -> Void = {}
    ) throws -> Bool {
        let deadline = ContinuousClock.now + patience
        func wait(until isTrue: () throws -> Bool) throws -> Bool {
            while try !isTrue() {
                guard ContinuousClock.now < deadline else { return false }
                try body()
                Thread.sleep(forTimeInterval: 0.002)
            }
            return true
        }
        // A marker set before the slot exists may come with the snapshot, ahead of other rows. It makes the position move, and
        // once there is a position, the next marker comes behind the snapshot.
        _ = try DrainMarker.set(erp)
        guard try wait(until: { try position() != nil }) else { return false }
        let marker = try DrainMarker.set(erp)
        return try wait(until: { try has(marker) })
    }
}
