/// What `pg_type` says of one type, as far as the form of its values depends on it.
package struct PostgresType: Sendable, Hashable {
    package let oid: UInt32
    package let schema: String
    package let name: String
    /// `typtype`: b base, c composite, d domain, e enum, p pseudo, r range, m multirange.
    package let kind: UInt8
    /// `typcategory`: S for character types, D and T for dates, times and intervals.
    package let category: UInt8
    /// `typbasetype` of a domain, else 0.
    package let base: UInt32
    /// `typelem` if values are written by `array_out`, else 0. `int2vector` has elements but is no array in this sense.
    package let element: UInt32
    /// `typdelim` of the element.
    package let delimiter: UInt8

    package init(
        oid: UInt32, schema: String, name: String, kind: UInt8, category: UInt8, base: UInt32 = 0, element: UInt32 = 0,
        delimiter: UInt8 = UInt8(ascii: ",")
    ) {
        self.oid = oid
        self.schema = schema
        self.name = name
        self.kind = kind
        self.category = category
        self.base = base
        self.element = element
        self.delimiter = delimiter
    }
}

/// The types of one database, and the form that values of each take.
package struct TypeCatalogue: Sendable {
    private let types: [UInt32: PostgresType]

    package init(_ types: [PostgresType]) {
        self.types = Dictionary(types.map { ($0.oid, $0) }, uniquingKeysWith: { $1 })
    }

    package func contains(_ oid: UInt32) -> Bool { types[oid] != nil }

    /// The form of a type's values; `.exact` for a type that is not in the catalogue (any more).
    package func form(of oid: UInt32) -> ValueForm { form(of: oid, depth: 0) }

    private func form(of oid: UInt32, depth: Int) -> ValueForm {
        // Domains cannot be circular in a sound catalogue; ours came over a network.
        guard depth < ValueForm.maximumDepth, let type = types[oid] else { return .exact }
        if type.kind == UInt8(ascii: "d") { return form(of: type.base, depth: depth + 1) }
        if type.element != 0 {
            return .array(form(of: type.element, depth: depth + 1), delimiter: type.delimiter)
        }
        guard type.kind == UInt8(ascii: "b") else { return .exact }
        if type.schema == "pg_catalog", let form = Self.builtIn[type.name] { return form }
        // An extension's type may be in any schema.
        if type.name == "hstore" { return .hstore }
        return type.category == UInt8(ascii: "S") ? .character : .exact
    }

    private static let builtIn: [String: ValueForm] = [
        "bool": .boolean,
        "int2": .integer, "int4": .integer, "int8": .integer, "oid": .integer,
        "float4": .float, "float8": .float,
        "numeric": .decimal, "money": .decimal,
        "json": .json, "jsonb": .json,
        "bytea": .bytes,
        "date": .temporal, "time": .temporal, "timetz": .temporal, "timestamp": .temporal, "timestamptz": .temporal,
        "interval": .temporal,
    ]
}
