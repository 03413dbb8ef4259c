/// One statement of an ERP transaction.
package enum PlantStatement: Sendable, Equatable {
    /// `$1`, `$2` … are the parameters, in Postgres' text form; nil is NULL.
    case execute(String, [String?] = [])
    /// `COPY … FROM STDIN` with these rows.
    case copy(String, rows: [[String?]])
}

/// What a person or a program at head office does to the ERP in one go. BEGIN and COMMIT are not among the statements.
package struct PlantTransaction: Sendable, Equatable {
    /// From 1, in the order of one lane.
    package let number: Int
    package let lane: Int
    package let statements: [PlantStatement]
    /// Whether it is rolled back at the end: then nobody may ever hear of it.
    package let isRolledBack: Bool
}
