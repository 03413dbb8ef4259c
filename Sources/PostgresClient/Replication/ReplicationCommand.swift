/// The replication grammar's statements, with everything in them quoted.
package enum ReplicationCommand {
    /// `START_REPLICATION`, for ``PostgresConnection/startReplication(_:)``.
    ///
    /// - Parameter lsn: `X/Y`. The server starts at the slot's confirmed position if that is later, without an error.
    package static func start(
        slot: String, at lsn: String, options: [(name: String, value: String)]
    ) throws(PostgresError) -> String {
        precondition(lsn.utf8.allSatisfy { $0 == 0x2F || (0x30...0x39).contains($0) || (0x41...0x46).contains($0) })
        var list: [String] = []
        for option in options {
            list.append("\(try Quoting.identifier(option.name)) \(try Quoting.replicationLiteral(option.value))")
        }
        return "START_REPLICATION SLOT \(try Quoting.identifier(slot)) LOGICAL \(lsn) (\(list.joined(separator: ", ")))"
    }

    /// pgoutput's options: protocol 1, text format, logical messages.
    package static func pgoutputOptions(
        publications: [String], messages: Bool = true
    ) throws(PostgresError) -> [(name: String, value: String)] {
        var names: [String] = []
        for publication in publications { names.append(try Quoting.identifier(publication)) }
        return [("proto_version", "1"), ("publication_names", names.joined(separator: ","))]
            + (messages ? [("messages", "true")] : [])
    }

    /// `CREATE_REPLICATION_SLOT` with an exported snapshot; answers `slot_name, consistent_point, snapshot_name,
    /// output_plugin`.
    ///
    /// The snapshot lives until the connection's next statement. The server waits for the end of all older transactions.
    package static func createSlot(
        _ slot: String, isTemporary: Bool = false, serverVersion: Int32
    ) throws(PostgresError) -> String {
        let head =
            "CREATE_REPLICATION_SLOT \(try Quoting.identifier(slot))\(isTemporary ? " TEMPORARY" : "") LOGICAL pgoutput"
        // The list in parentheses came with 15, where the old form still works; use what each release documents.
        return head + (serverVersion >= 150_000 ? " (SNAPSHOT 'export')" : " EXPORT_SNAPSHOT")
    }
}
