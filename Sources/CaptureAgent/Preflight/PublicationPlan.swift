import ChangeEvents

/// The publication of exactly the configured tables.
enum PublicationPlan {
    private static let options =
        "publish = 'insert, update, delete, truncate', publish_via_partition_root = true"

    /// - Returns: what to run so that it is exact.
    static func statements(
        _ facts: SourceFacts, _ configuration: CaptureConfiguration
    ) throws(CaptureError) -> [String] {
        let name = TableName.quoted(configuration.publication)
        // ONLY: children by inheritance are tables of their own. Of a partitioned table, all partitions are published anyway.
        let list = facts.tables.map(\.name).sorted().map { "ONLY \($0.sql)" }.joined(separator: ", ")
        guard let publication = facts.publication else {
            try checkRights(facts, "create publication \(configuration.publication)", list, name)
            return ["CREATE PUBLICATION \(name) FOR TABLE \(list) WITH (\(options))"]
        }
        if publication.isForAllTables || publication.hasSchemas {
            let what = publication.isForAllTables ? "ALL TABLES" : "all tables of a schema"
            throw CaptureError(
                .publication,
                "Publication \(configuration.publication) is for \(what); capture publishes exactly the configured tables.",
                remedy: "Choose another name with source.publication, or run DROP PUBLICATION \(name).")
        }
        var statements: [String] = []
        if publication.tables != Set(facts.tables.map(\.oid)) || !publication.restricted.isEmpty {
            statements.append("ALTER PUBLICATION \(name) SET TABLE \(list)")
        }
        let showsRoots = publication.publishesViaRoot || !facts.tables.contains { $0.kind == "p" }
        if !publication.publishesEverything || !showsRoots {
            statements.append("ALTER PUBLICATION \(name) SET (\(options))")
        }
        if !statements.isEmpty {
            guard publication.isOwned else {
                throw refusal(
                    facts, "change publication \(configuration.publication)", statements.joined(separator: "; "))
            }
            try checkRights(facts, "change publication \(configuration.publication)", list, name, creates: false)
        }
        return statements
    }

    private static func checkRights(
        _ facts: SourceFacts, _ what: String, _ list: String, _ name: String, creates: Bool = true
    ) throws(CaptureError) {
        let isAllowed = (!creates || facts.mayCreateInDatabase) && facts.tables.allSatisfy(\.isOwned)
        if isAllowed { return }
        let verb = creates ? "CREATE PUBLICATION \(name) FOR TABLE" : "ALTER PUBLICATION \(name) SET TABLE"
        throw refusal(facts, what, "\(verb) \(list)\(creates ? " WITH (\(options))" : "")")
    }

    private static func refusal(_ facts: SourceFacts, _ what: String, _ statement: String) -> CaptureError {
        CaptureError(
            .refused, "Role \(facts.role) may not \(what): that needs the tables' owner with CREATE on the database.",
            remedy: "Run as the owner: \(statement).")
    }
}
