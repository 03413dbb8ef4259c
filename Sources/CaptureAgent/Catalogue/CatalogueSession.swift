import ChangeEvents
import PostgresClient

/// The second session of a capture, for what relation messages do not tell. Blocking; it belongs to the capturing thread.
final class CatalogueSession {
    private let configuration: CaptureConfiguration
    private let stop: StopSignal
    private var connection: PostgresConnection?
    private var types: TypeCatalogue?

    /// - Parameter connection: one that is open already, to begin with.
    init(_ configuration: CaptureConfiguration, _ connection: PostgresConnection?, stop: StopSignal) {
        self.configuration = configuration
        self.connection = connection
        self.stop = stop
    }

    func description(
        of relation: PgOutputMessage.Relation, as table: TableName
    ) throws(CaptureError) -> TableDescription {
        do throws(PostgresError) {
            let wasOpen = connection != nil
            do throws(PostgresError) {
                return try lookUp(relation, table)
            } catch {
                // An idle session may have been cut in between; the stream itself knows better whether the server is gone.
                guard wasOpen, error.code == .connectionLost else { throw error }
                connection = nil
                return try lookUp(relation, table)
            }
        } catch {
            throw CaptureError(error, "Cannot look up table \(table)")
        }
    }

    private func lookUp(
        _ relation: PgOutputMessage.Relation, _ table: TableName
    ) throws(PostgresError) -> TableDescription {
        let reader = CatalogueReader(connection: try open())
        if types.map({ types in relation.columns.allSatisfy { types.contains($0.type) } }) != true {
            types = try reader.types()
        }
        return TableDescription(
            relation, as: table, facts: try reader.facts(relation), types: types ?? TypeCatalogue([]))
    }

    private func open() throws(PostgresError) -> PostgresConnection {
        if let connection { return connection }
        let stop = stop
        let opened = try PostgresConnection(
            configuration.connection, ConnectionOptions(applicationName: "edgebroker \(configuration.slot)"),
            wakeup: stop.wakeup, isStopped: { stop.isStopped })
        stop.cutsOff(opened)
        connection = opened
        return opened
    }
}
