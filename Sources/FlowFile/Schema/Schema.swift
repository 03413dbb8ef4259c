/// Every section and key there is: the one table behind the checks and behind docs/flow-reference.md.
///
/// It knows the whole of the file from the first day, so that a file written for a newer release is met with "not built yet"
/// and not with "unknown key".
enum Schema {
    // The plant's file.
    static let plant = SectionSchema(
        name: "the plant's configuration",
        keys: [
            .required("data_dir"), .optional("site"), .optional("disk"), .optional("kafka"),
            .ignored("http", "there is no console, no port is opened"),
            .optional("flows"),
        ])
    static let disk = SectionSchema(name: "disk", keys: [.optional("budget"), .optional("reserve")])
    static let kafka = SectionSchema(
        name: "kafka",
        keys: [
            .required("listen"), .optional("advertise"), .optional("auto_create"),
            .optional("clamp_replication_factor"),
        ])
    static let listener = SectionSchema(name: "a listener", keys: [.required("listen")])

    // A flow's file.
    static let flow = SectionSchema(
        name: "a flow",
        keys: [
            .required("flow"), .optional("description"), .required("source"), .optional("log"), .optional("load"),
            .ignored("quarantine", "a change that cannot be applied stops the flow"),
            .ignored("forward", "nothing is forwarded"),
            .ignored("tests", "they are not run"),
        ])
    static let source = SectionSchema(
        name: "source",
        keys: [
            .required("postgres"), .required("slot"), .optional("publication"), .required("tables"),
            .optional("snapshot"),
            .ignored("wal_budget", "set `max_slot_wal_keep_size` on the ERP"),
        ])
    static let log = SectionSchema(
        name: "log",
        keys: [
            .optional("topic"), .optional("format"), .optional("properties"), .optional("key"), .optional("partitions"),
            .optional("tombstones"),
            .ignored("keep", "everything is kept"), .ignored("compact_after", "everything is kept"),
            .ignored("priority", "all topics have the same"),
        ])
    static let load = SectionSchema(
        name: "load",
        keys: [.required("into"), .optional("unit"), .optional("on_error"), .required("tables")])
    static let into = SectionSchema(name: "into", keys: [.optional("sqlite"), .optional("postgres")])
    static let loadTable = SectionSchema(
        name: "a table of load",
        keys: [
            .required("from"), .required("to"), .optional("key"), .optional("where"), .optional("columns"),
            .optional("on_delete"),
            .refused("newer_wins", "changes are applied in commit order"),
            .refused("on_leave_filter", "a row that leaves the filter is deleted in the target"),
            .refused("on_missing_lookup", "there are no lookups"),
        ])

    // Known, not built.
    static let quarantine = SectionSchema(
        name: "quarantine", keys: [.optional("topic"), .optional("retry"), .optional("alert_after")])
    static let forward = SectionSchema(
        name: "forward",
        keys: ["to", "topics", "as", "exactly_once", "cap", "window", "order"].map { .optional($0) })
    static let test = SectionSchema(
        name: "a test", keys: [.required("name"), .required("given"), .required("expect")])

    static let all = [
        plant, disk, kafka, listener, flow, source, log, load, into, loadTable, quarantine, forward, test,
    ]

    /// Where else a key would have been right: most often it was only indented wrongly.
    static func homes(of key: String) -> [String] {
        all.filter { $0.key(key) != nil }.map(\.name)
    }
}
