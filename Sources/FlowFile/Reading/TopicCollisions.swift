/// Two tables must never share a topic. What a template leaves out is found here; whether two names that it keeps can run
/// together is seen by whoever makes the topics' names.
enum TopicCollisions {
    static func check(_ tables: [Flow.CapturedTable], _ log: Flow.Log, _ diagnostics: Diagnostics) {
        let keepsSchema = log.topicTemplate.contains("${schema}")
        let keepsTable = log.topicTemplate.contains("${table}")
        var owners: [[String]: SourceTable] = [:]
        for captured in tables {
            let kept = [keepsSchema ? captured.table.schema : "", keepsTable ? captured.table.name : ""]
            if let owner = owners[kept] {
                diagnostics.error(
                    log.topicPosition,
                    "tables \(owner) and \(captured.table) would share one topic; "
                        + "name it with ${schema} and ${table}, for instance \(Flow.Log.defaultTopicTemplate)")
            } else {
                owners[kept] = captured.table
            }
        }
    }
}
