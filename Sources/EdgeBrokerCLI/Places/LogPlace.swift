import EdgeBroker
import RecordFormat

/// Where a log can be: in a folder that this process opens, or behind a server that speaks Kafka. What the verbs on topics and groups need
/// of either; each verb is written once, over this.
///
/// What a place cannot tell is `nil` in what it gives. Errors are those of the place; `Failure(explaining:)` knows their statuses.
protocol LogPlace: Sendable {
    /// Every topic, by name, without its settings.
    func topics() async throws -> [TopicView]
    func topic(_ name: String) async throws -> TopicView
    /// - Parameter replicas: how many copies; `nil`: as many as the place makes by itself.
    func createTopic(
        _ name: String, partitions: Int32?, replicas: Int32?, settings: [SettingArgument]
    ) async throws -> TopicView
    /// Changes settings and partitions: both, or if one of them cannot be, neither.
    func alterTopic(_ name: String, _ changes: [TopicSettingChange], partitions: Int32?) async throws -> TopicView
    func deleteTopic(_ name: String) async throws

    /// Where reading begins in each partition, by number.
    func starts(_ start: ConsumeStart, in topic: TopicView) async throws -> [PartitionStart]
    /// Hands records to `printer` until it has enough, the end is reached if that is asked for, or the task is cancelled.
    /// - Returns: whether damage was met.
    func read(_ reading: Reading, into printer: RecordPrinter) async throws -> Bool
    func appender(to topic: TopicView) async throws -> any RecordAppender

    /// Every group, by name.
    func groups() async throws -> [GroupView]
    func group(_ name: String) async throws -> GroupView
    /// How far a group has come, by topic and partition.
    func lag(of group: String) async throws -> [GroupLag]
    /// - Parameters:
    ///   - partitions: exist.
    ///   - evicts: puts out members; not every place can.
    func seek(
        _ group: String, _ partitions: [TopicPartition], to reset: OffsetReset, isDryRun: Bool, evicts: Bool
    ) async throws -> [OffsetMove]
    func deleteGroup(_ name: String, evicts: Bool) async throws
}
