package import ChangeEvents

/// Which tables are captured, and where their rows go.
///
/// A table is known by its number first: a rename, or a message from before one, changes nothing about where its rows go.
/// A table that was dropped and made again under its name has another number, and is known by its name.
package struct CapturedTables: Sendable, Equatable {
    package struct Table: Sendable, Equatable {
        package let name: TableName
        package let topic: String

        package init(name: TableName, topic: String) {
            self.name = name
            self.topic = topic
        }
    }

    private let byOID: [UInt32: Table]
    private let byName: [TableName: Table]

    /// - Parameter tables: with their numbers as of the start of the session.
    package init(_ tables: [(oid: UInt32, table: Table)]) {
        byOID = Dictionary(tables.map { ($0.oid, $0.table) }, uniquingKeysWith: { $1 })
        byName = Dictionary(tables.map { ($0.table.name, $0.table) }, uniquingKeysWith: { $1 })
    }

    /// - Returns: `nil` for a table that is not captured (any more).
    package func table(_ oid: UInt32, named name: TableName) -> Table? { byOID[oid] ?? byName[name] }
}
