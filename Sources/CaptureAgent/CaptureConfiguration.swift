package import ChangeEvents

/// What is captured, and under which topics it stands in the log.
package struct CaptureConfiguration: Sendable {
    /// A libpq conninfo or URI. A secret.
    package var connection: String
    /// 1 to 63 of `a-z 0-9 _`, as Postgres wants it. It names the source in the log, for ever.
    package var slot: String
    package var publication: String
    /// At least one, none twice.
    package var tables: [TableName]
    package var topicTemplate: String
    /// Whether a record without value follows each delete.
    package var writesTombstones: Bool
    /// Bytes appended and not yet synced above which nothing more is read from the source. 16 MiB: about what a plant's disk
    /// takes in a tenth of a second.
    package var maximumUnsyncedBytes = 16 << 20
    /// How often the server hears from us even if nothing moves; well below `wal_sender_timeout`, 60 s by default.
    package var statusInterval = Duration.seconds(5)

    package init(
        connection: String, slot: String, publication: String? = nil, tables: [TableName],
        topicTemplate: String = TopicName.defaultTemplate, writesTombstones: Bool = false
    ) {
        self.connection = connection
        self.slot = slot
        self.publication = publication ?? slot
        self.tables = tables
        self.topicTemplate = topicTemplate
        self.writesTombstones = writesTombstones
    }

    /// Where logical messages go. A table cannot have this topic.
    package var messagesTopic: String { "\(slot).messages" }

    /// Every table with its topic, in their order.
    package func captured() throws(CaptureError) -> [CapturedTables.Table] {
        do throws(ChangeEventsError) {
            let topics = try TopicName.topics(
                topicTemplate, for: tables, reserved: [messagesTopic: "the logical messages of slot \(slot)"])
            return zip(tables, topics).map { CapturedTables.Table(name: $0, topic: $1) }
        } catch {
            throw CaptureError(.topic, error.message, remedy: error.remedy)
        }
    }
}
