import ChangeEvents
import PostgresClient

/// Asks the source's catalogue what relation messages do not tell. Blocking.
struct CatalogueReader {
    let connection: PostgresConnection

    func types() throws(PostgresError) -> TypeCatalogue {
        // Composite types are left out: there is one per table, and an unknown type has the same form.
        let result = try connection.query(
            """
            SELECT t.oid, n.nspname, t.typname, t.typtype, t.typcategory, t.typbasetype, e.typdelim,
                   CASE WHEN t.typoutput = 'pg_catalog.array_out'::regproc THEN t.typelem ELSE 0 END AS element
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_type e ON e.oid = t.typelem
            WHERE t.typtype <> 'c'
            """)
        return TypeCatalogue(
            result.rows.indices.map { index in
                let row = Row(result, index)
                func letter(_ column: String) -> UInt8 { row.text(column).utf8.first ?? 0 }
                return PostgresType(
                    oid: UInt32(row.text("oid")) ?? 0, schema: row.text("nspname"), name: row.text("typname"),
                    kind: letter("typtype"), category: letter("typcategory"),
                    base: UInt32(row.text("typbasetype")) ?? 0,
                    element: UInt32(row.text("element")) ?? 0,
                    delimiter: letter("typdelim") == 0 ? UInt8(ascii: ",") : letter("typdelim"))
            })
    }

    func facts(_ relation: PgOutputMessage.Relation) throws(PostgresError) -> RelationFacts {
        let types = relation.columns.map { DeclaredType(oid: $0.type, modifier: $0.typeModifier) }
        let names = try connection.query(
            """
            SELECT format_type(o, m) AS name FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS t(o, m, place)
            ORDER BY place
            """, [ArrayText.of(types.map(\.oid)), ArrayText.of(types.map(\.modifier))])
        let columns = try self.columns(of: relation.oid)
        return RelationFacts(
            declared: Dictionary(
                zip(types, names.rows.map { ($0.first ?? nil) ?? "unknown" }), uniquingKeysWith: { $1 }),
            primaryKey: Set(columns.filter(\.isPrimaryKey).map(\.name)),
            notNull: Set(columns.filter(\.isNotNull).map(\.name)))
    }

    struct Column {
        let name: String
        let type: UInt32
        let typeModifier: Int32
        let isNotNull: Bool
        let isPrimaryKey: Bool
        let isIdentityIndex: Bool
    }

    /// The columns that pgoutput sends: generated ones are not among them before PostgreSQL 18, nor from then on unless the
    /// publication asks for them, which ours does not.
    func columns(of oid: UInt32) throws(PostgresError) -> [Column] {
        let result = try connection.query(
            """
            SELECT a.attname, a.atttypid, a.atttypmod, a.attnotnull,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND i.indisvalid
                           AND i.indimmediate AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) AS is_primary_key,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisreplident AND i.indisvalid
                           AND i.indimmediate AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) AS is_identity
            FROM pg_attribute a
            WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            ORDER BY a.attnum
            """, [String(oid)])
        return result.rows.indices.map { index in
            let row = Row(result, index)
            return Column(
                name: row.text("attname"), type: UInt32(row.text("atttypid")) ?? 0,
                typeModifier: Int32(row.text("atttypmod")) ?? -1, isNotNull: row.flag("attnotnull"),
                isPrimaryKey: row.flag("is_primary_key"), isIdentityIndex: row.flag("is_identity"))
        }
    }

    /// What a relation message would say of the table now, and what the catalogue adds.
    func relation(
        _ oid: UInt32, _ table: TableName, _ identity: ReplicaIdentity
    ) throws(PostgresError) -> PgOutputMessage.Relation {
        let columns = try self.columns(of: oid).map { column in
            let isIdentity: Bool =
                switch identity {
                case .default: column.isPrimaryKey
                case .index: column.isIdentityIndex
                case .full: true
                case .nothing: false
                }
            return PgOutputMessage.Relation.Column(
                name: column.name, type: column.type, typeModifier: column.typeModifier, isIdentity: isIdentity)
        }
        return PgOutputMessage.Relation(oid: oid, table: table, identity: identity, columns: columns)
    }
}
