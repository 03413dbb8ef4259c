package import ChangeEvents

/// A type as a column has it: `numeric(12,3)` is one of numeric's.
package struct DeclaredType: Sendable, Hashable {
    package let oid: UInt32
    package let modifier: Int32

    package init(oid: UInt32, modifier: Int32) {
        self.oid = oid
        self.modifier = modifier
    }
}

/// What only the catalogue knows about a table. It tells of now, where a relation message tells of the row's moment; what both
/// know is therefore taken from the message.
package struct RelationFacts: Sendable, Equatable {
    /// As `format_type` writes them.
    package let declared: [DeclaredType: String]
    package let primaryKey: Set<String>
    package let notNull: Set<String>

    package init(declared: [DeclaredType: String], primaryKey: Set<String>, notNull: Set<String>) {
        self.declared = declared
        self.primaryKey = primaryKey
        self.notNull = notNull
    }
}

extension TableDescription {
    /// The description of the rows that follow `relation`.
    ///
    /// Under `FULL` every column is marked as part of the identity, and the primary key is the key; under `NOTHING` none is,
    /// and it is the key too: only inserts come then.
    package init(
        _ relation: PgOutputMessage.Relation, as table: TableName, facts: RelationFacts, types: TypeCatalogue
    ) {
        let keyIsTold = relation.identity == .default || relation.identity == .index
        self.init(
            table: table, identity: relation.identity,
            columns: relation.columns.map { column in
                ColumnDescription(
                    name: column.name,
                    type: ColumnType(
                        declared: facts.declared[DeclaredType(oid: column.type, modifier: column.typeModifier)]
                            ?? "unknown",
                        form: types.form(of: column.type)),
                    isKey: keyIsTold ? column.isIdentity : facts.primaryKey.contains(column.name),
                    isNullable: !facts.notNull.contains(column.name))
            })
    }
}
