package import ChangeEvents

import PostgresClient

/// A look at a source that changes nothing: could it be captured, and what are its tables? Blocking.
package enum SourceInspection {
    /// Checks the server, the rights, the tables and the publication as a start would. Slots are left alone: whether one of our
    /// name is ours, only the log knows.
    ///
    /// - Returns: the configured tables as their relation messages would describe them now.
    package static func run(_ configuration: CaptureConfiguration) throws(CaptureError) -> [TableDescription] {
        let connection = try connect(configuration, isReplication: false)
        defer { connection.close() }
        // Whether the role may replicate.
        try connect(configuration, isReplication: true).close()
        let unknown = SourceFacts.System(systemID: "", timeline: 0)
        let facts = try FactReader(connection: connection, configuration: configuration).facts(unknown)
        try ServerCheck.check(facts, needsSlot: facts.slot == nil)
        try TableCheck.check(facts, configuration)
        _ = try PublicationPlan.statements(facts, configuration)
        return try describe(facts.tables, CatalogueReader(connection: connection))
    }

    private static func connect(
        _ configuration: CaptureConfiguration, isReplication: Bool
    ) throws(CaptureError) -> PostgresConnection {
        do throws(PostgresError) {
            return try PostgresConnection(configuration.connection, ConnectionOptions(isReplication: isReplication))
        } catch {
            throw CaptureError(error, "Cannot look at the source")
        }
    }

    private static func describe(
        _ tables: [SourceFacts.Table], _ catalogue: CatalogueReader
    ) throws(CaptureError) -> [TableDescription] {
        do throws(PostgresError) {
            let types = try catalogue.types()
            var descriptions: [TableDescription] = []
            for table in tables {
                let relation = try catalogue.relation(table.oid, table.name, table.identity)
                descriptions.append(
                    TableDescription(relation, as: table.name, facts: try catalogue.facts(relation), types: types))
            }
            return descriptions
        } catch {
            throw CaptureError(error, "Cannot look at the source")
        }
    }
}
