/// The declared type of a column and the form of its values.
package struct ColumnType: Sendable, Hashable {
    /// As `format_type` writes it: `numeric(12,3)`, `character varying(20)[]`.
    package let declared: String
    package let form: ValueForm

    package init(declared: String, form: ValueForm) {
        self.declared = declared
        self.form = form
    }
}

package struct ColumnDescription: Sendable, Hashable {
    package let name: String
    package let type: ColumnType
    package let isKey: Bool
    package let isNullable: Bool

    package init(name: String, type: ColumnType, isKey: Bool, isNullable: Bool) {
        self.name = name
        self.type = type
        self.isKey = isKey
        self.isNullable = isNullable
    }
}

/// What `REPLICA IDENTITY` a table has: how much of the old row an update or delete tells.
package enum ReplicaIdentity: String, Sendable {
    /// The primary key.
    case `default`
    /// Nothing: only inserts are possible.
    case nothing
    /// The whole row.
    case full
    /// The columns of a unique index.
    case index
}

/// A captured table as it was when the rows after this description were written.
///
/// Key columns are those of the replica identity's index, and the primary key's under `FULL`; a table may have none.
/// Generated columns are left out, because pgoutput does not send them before PostgreSQL 18.
package struct TableDescription: Sendable, Hashable {
    package let table: TableName
    package let identity: ReplicaIdentity
    package let columns: [ColumnDescription]

    package init(table: TableName, identity: ReplicaIdentity, columns: [ColumnDescription]) {
        self.table = table
        self.identity = identity
        self.columns = columns
    }

    package var hasKey: Bool { columns.contains(where: \.isKey) }
}
