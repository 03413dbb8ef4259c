import KafkaClient
import RecordFormat
import Synchronization

/// Sends records to a server, many at a time, each once and those of a partition in order.
final class ServedAppender: RecordAppender {
    /// librdkafka gathers what goes together by itself; this is how much it is handed over at once.
    let mostBytes = 1 << 20

    private let producer: KafkaProducer
    private let taken = Mutex(0)

    init(_ client: ClientProperties, _ topic: TopicView) throws {
        var own = ClientProperties()
        // What goes together must fit, or the small ones are refused with a large one.
        if let most = topic[setting: "max.message.bytes"].flatMap({ Int32($0) }), most > 0 {
            own.set("batch.size", "\(most)")
            own.set("message.max.bytes", "\(min(1_000_000_000, max(1_000_000, most)))")
        }
        producer = try KafkaProducer(own.with(client), topic: topic.name)
    }

    var appended: Int { producer.acknowledged }

    func append(_ records: [Record], to partition: Int32) async throws {
        let before = taken.withLock { taken in
            defer { taken += records.count }
            return taken
        }
        try await withTaskCancellationHandler {
            try await onOwnThread { [producer] in
                for (index, record) in records.enumerated() {
                    let number = before + index + 1
                    if producer.firstFailure != nil { throw Self.ended(producer, of: number - 1) }
                    do throws(KafkaClientError) {
                        try producer.send(record, to: partition, number: number)
                    } catch {
                        if error.code == .cancelled { throw CancellationError() }
                        throw Self.ended(producer, sending: DeliveryFailure(number: number, error: error), of: number)
                    }
                }
            }
        } onCancel: {
            producer.interrupt()
        }
    }

    func finish() async throws {
        let taken = taken.withLock { $0 }
        let isCancelled = Task.isCancelled
        try await withTaskCancellationHandler {
            try await onOwnThread { [producer] in
                if isCancelled {
                    producer.abandon()
                } else {
                    do throws(KafkaClientError) {
                        try producer.flush()
                    } catch {
                        if error.code != .cancelled { throw error }
                        producer.abandon()
                        throw CancellationError()
                    }
                }
                if producer.firstFailure != nil { throw Self.ended(producer, of: taken) }
            }
        } onCancel: {
            producer.interrupt()
        }
    }

    /// Waits for what is on its way, takes back the rest, and says where it stands.
    private static func ended(
        _ producer: KafkaProducer, sending failure: DeliveryFailure? = nil, of taken: Int
    ) -> Failure {
        producer.abandon()
        // An earlier one may have failed meanwhile, or the one to blame of a batch.
        let failures = [failure, producer.firstFailure].compactMap { $0 }
        guard let first = failures.min(by: { $0.number < $1.number }) else {
            preconditionFailure("A producer ended that had no failure")
        }
        return Failure(
            Failure(explaining: first.error).status,
            "Line \(first.number) could not be appended: \(first.error) \(producer.acknowledged) of the \(taken) lines up to now were appended."
        )
    }
}
