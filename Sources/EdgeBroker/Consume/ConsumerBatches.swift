/// The batches of a consumer, one at a time and none before it is asked for. It ends when the task is cancelled.
public struct ConsumerBatches: AsyncSequence, Sendable {
    public typealias Element = ConsumerBatch
    public typealias Failure = BrokerError

    let consumer: Consumer

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(consumer: consumer) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let consumer: Consumer

        public mutating func next() async throws(BrokerError) -> ConsumerBatch? { try await consumer.next() }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(BrokerError) -> ConsumerBatch? { try await consumer.next() }
    }
}
