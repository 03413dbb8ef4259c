import EdgeBroker
import RecordFormat
import Synchronization

/// Appends to a topic in a folder; what it has taken is appended when it returns.
final class FolderAppender: RecordAppender {
    /// Of one append, unless the topic takes less: enough for a sync to be worth its while.
    private static let batchBytes = 512 << 10

    let mostBytes: Int
    private let broker: Broker
    private let topic: String
    private let count = Mutex(0)

    init(_ broker: Broker, _ topic: TopicView) {
        self.broker = broker
        self.topic = topic.name
        mostBytes = min(Self.batchBytes, topic[setting: "max.message.bytes"].flatMap { Int($0) } ?? Self.batchBytes)
    }

    var appended: Int { count.withLock { $0 } }

    func append(_ records: [Record], to partition: Int32) async throws {
        let before = appended
        do throws(BrokerError) {
            try await broker.append(records, to: TopicPartition(topic: topic, partition: partition))
        } catch {
            let failure = Failure(explaining: error)
            let lines = records.count == 1 ? "Line \(before + 1)" : "Lines \(before + 1) to \(before + records.count)"
            throw Failure(
                failure.status, "\(lines) could not be appended: \(failure) The \(before) lines before were appended.")
        }
        count.withLock { $0 += records.count }
    }

    func finish() async throws {}
}
