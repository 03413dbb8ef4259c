import PostgresClient
import Testing

@Suite("A replication command")
struct ReplicationCommandTests {
    @Test("quotes the slot and the publications, each by its own grammar")
    func start() throws {
        let options = try ReplicationCommand.pgoutputOptions(publications: ["mes_p01", "o'b\"c\\"])
        let command = try ReplicationCommand.start(slot: "mes_p01", at: "16/B374D848", options: options)
        #expect(
            command == "START_REPLICATION SLOT \"mes_p01\" LOGICAL 16/B374D848 (\"proto_version\" '1', "
                + "\"publication_names\" '\"mes_p01\",\"o''b\"\"c\\\"', \"messages\" 'true')")
    }

    @Test(
        "creates a slot with an exported snapshot in the server's form",
        arguments: [(140_005, " EXPORT_SNAPSHOT"), (150_018, " (SNAPSHOT 'export')")] as [(Int32, String)])
    func createSlot(version: Int32, end: String) throws {
        let command = try ReplicationCommand.createSlot("s", serverVersion: version)
        #expect(command == "CREATE_REPLICATION_SLOT \"s\" LOGICAL pgoutput" + end)
    }
}
