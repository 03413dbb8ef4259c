internal import LogStore
public import RecordFormat
internal import Synchronization

/// Appends single records, many tasks at a time: gathers them into batches, one after another in each partition.
///
/// A producer needs no closing: every ``send(_:to:partition:)`` that has begun ends by itself. Records of one task go into the log in
/// the order in which it sends them; those with equal keys go to one partition, the one that Kafka's own producer chooses.
public final class Producer: Sendable {
    private typealias Acknowledgement = UnsafeContinuation<Result<RecordPosition, BrokerError>, Never>
    private typealias Room = UnsafeContinuation<Bool, Never>
    private typealias Batch = BatchQueue<Acknowledgement>.Batch

    private struct State: Sendable {
        var partitioner: Partitioner
        var queues: [Int: BatchQueue<Acknowledgement>] = [:]
        var buffer: SendBuffer<Room>
    }

    private let broker: Broker
    private let configuration: ProducerConfiguration
    private let state: Mutex<State>

    init(_ broker: Broker, _ configuration: ProducerConfiguration) {
        self.broker = broker
        self.configuration = configuration
        state = Mutex(
            State(
                partitioner: Partitioner(random: broker.random),
                buffer: SendBuffer(limit: configuration.bufferBytes)))
    }

    /// Appends a record and returns where it stands. On return it is as durable as the topic promises, and consumers see it.
    ///
    /// Cancelling the task ends a wait for room in the buffer; a record that has been taken is appended all the same.
    /// - Parameters:
    ///   - record: stamped with the broker's time if its own is `Timestamp.none`.
    ///   - topic: one that clients write.
    ///   - partition: `nil` lets the key decide.
    /// - Throws: `.unknownTopic`, `.readOnlyTopic`, `.tooLarge`, `.missingKey`, `.cancelled`, `.noSpace`, `.closed`, and then the record
    ///   is not in the log; `.storage`, and then it is not known: sent again, the record may be there twice. Where that must not be, a
    ///   ``TransactionalProducer`` runs its transaction again.
    /// - Complexity: one lock and the encoding; a sync is shared with everybody who waits for one.
    @discardableResult
    public func send(
        _ record: Record, to topic: String, partition: Int32? = nil
    ) async throws(BrokerError) -> RecordPosition {
        let target = try broker.writableTopic(topic, partition)
        if target.keeping.cleanup.compacts, record.key == nil { throw .missingKey(topic) }
        let size = RecordBatchBuilder.sizeBound(of: record)
        if size > Broker.batchLimit {
            throw BrokerError(
                .tooLarge, "A record of about \(size) bytes is too large.", remedy: "128 MiB are the limit.")
        }
        if !state.withLock({ $0.buffer.take(size) }) { try await waitForRoom(size) }
        let result = await withUnsafeContinuation { enqueue(record, size, target, partition, $0) }
        return try result.get()
    }

    private func enqueue(
        _ record: Record, _ size: Int, _ topic: Topic, _ chosen: Int32?, _ acknowledgement: Acknowledgement
    ) {
        var record = record
        if record.timestamp == .none { record.timestamp = broker.catalogue.now }
        let (partition, next) = state.withLock { state in
            let index =
                chosen ?? state.partitioner.partition(for: record, in: topic.name, of: topic.partitions.count)
            let partition = topic.partitions[Int(index)]
            // The committing thread has better things to do than to compress.
            let staysOpen = configuration.compression == .none && !broker.directory.isBuffered(partition)
            let next = state.queues[
                partition.slot,
                default: BatchQueue(
                    limit: min(configuration.batchBytes, topic.messages.maxBytes),
                    lingers: configuration.linger > .zero)
            ].add(record, size: size, acknowledgement, staysOpen: staysOpen)
            if case .send = next {
                state.partitioner.moveOn(from: index, of: topic.name, count: topic.partitions.count)
            }
            return (partition, next)
        }
        switch next {
        case .nothing: break
        case .announce: announce(partition, of: topic)
        case .join: broker.directory.joinAnnounced()
        case .send(let batch): append(batch, to: partition)
        case .linger(let number):
            broker.timers.after(configuration.linger) { [self] in
                let batch = state.withLock { $0.queues[partition.slot]?.lingered(number) }
                if let batch { append(batch, to: partition) }
            }
        }
    }

    /// Has the open batch appended by the next commit round, with what comes until that begins.
    private func announce(_ partition: Partition, of topic: Topic) {
        do throws(LogStoreError) {
            try broker.directory.announce { [self] in
                var batches = takeAnnounced(partition, of: topic)
                // Out of the array, so that nobody else holds the bytes.
                while !batches.isEmpty { _ = appendOne(batches.removeFirst(), to: partition) }
            }
        } catch {
            for batch in takeAnnounced(partition, of: topic) {
                _ = complete(batch, partition, .failure(BrokerError(error)))
            }
        }
    }

    private func takeAnnounced(_ partition: Partition, of topic: Topic) -> [Batch] {
        state.withLock { state in
            let name = partition.topicPartition
            state.partitioner.moveOn(from: name.partition, of: name.topic, count: topic.partitions.count)
            return state.queues[partition.slot]?.takeAnnounced() ?? []
        }
    }

    /// Appends a batch and, in a buffered partition, those that have come meanwhile.
    private func append(_ batch: Batch, to partition: Partition) {
        if configuration.compression == .none {
            var next: Batch? = batch
            while let batch = next { next = appendOne(batch, to: partition) }
        } else {
            // This may be the committing thread, which has better things to do.
            Task.detached { [self] in
                var next: Batch? = batch
                while let batch = next { next = appendOne(batch, to: partition) }
            }
        }
    }

    /// - Returns: what is to be appended next, if the outcome of this one is known already.
    private func appendOne(_ batch: consuming Batch, to partition: Partition) -> Batch? {
        var batch = batch
        var append: Append.Batch
        do throws(BrokerError) {
            // The topic may have been altered since the records were taken.
            let topic = try broker.catalogue.topic(of: partition.topicPartition)
            append = Append.Batch(try topic.admit(encode(&batch), at: broker.catalogue.now), to: partition)
        } catch {
            return complete(batch, partition, .failure(error))
        }
        let sent = batch
        do throws(LogStoreError) {
            broker.noteAppended(append.bytes.count)
            if let range = try broker.directory.writeNow(&append) { return complete(sent, partition, .success(range)) }
            try broker.directory.stage(
                Append([append.takeOut()], waiters: sent.waiters.count) { [self] result in
                    let outcome = result.map { $0[0] }.mapError { BrokerError($0) }
                    if let next = complete(sent, partition, outcome) { self.append(next, to: partition) }
                })
            return nil
        } catch {
            return complete(sent, partition, .failure(BrokerError(error)))
        }
    }

    private func encode(_ batch: inout Batch) -> [UInt8] {
        let plain = batch.finish()
        if configuration.compression == .none { return plain }
        var compressor = RecordCompressor(configuration.compression.codec)
        do throws(RecordFormatError) {
            let compressed = try plain.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try compressor.compressed(bytes)
            }
            return compressed.count < plain.count ? compressed : plain
        } catch {
            // Without the memory for it the batch goes as it is, which every reader takes.
            return plain
        }
    }

    /// Answers everybody and takes what comes next.
    private func complete(
        _ batch: Batch, _ partition: Partition, _ result: Result<Range<Offset>, BrokerError>
    ) -> Batch? {
        switch result {
        case .success(let range):
            for (index, waiter) in batch.waiters.enumerated() {
                let offset = range.lowerBound.advanced(by: Int64(index))
                waiter.resume(returning: .success(RecordPosition(partition.topicPartition, offset)))
            }
        case .failure(let error):
            for waiter in batch.waiters { waiter.resume(returning: .failure(error)) }
        }
        let (next, admitted) = state.withLock { state in
            (batch.wasAnnounced ? nil : state.queues[partition.slot]?.sent(), state.buffer.release(batch.countedBytes))
        }
        for room in admitted { room.resume(returning: true) }
        return next
    }

    private func waitForRoom(_ bytes: Int) async throws(BrokerError) {
        let ticket = state.withLock { $0.buffer.makeTicket() }
        let hasRoom = await withTaskCancellationHandler {
            await withUnsafeContinuation { (room: Room) in
                // A cancellation that came before the wait finds nobody: whoever begins to wait looks for himself.
                let outcome: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.buffer.take(bytes) { return true }
                    state.buffer.wait(ticket, for: bytes, room)
                    return nil
                }
                if let outcome { room.resume(returning: outcome) }
            }
        } onCancel: {
            let (waiter, admitted) = state.withLock { state in
                (state.buffer.giveUp(ticket), state.buffer.admit())
            }
            waiter?.resume(returning: false)
            for room in admitted { room.resume(returning: true) }
        }
        if !hasRoom {
            throw BrokerError(
                .cancelled, "The task was cancelled while it waited for room in the producer's buffer.",
                remedy: "The record was not sent.")
        }
    }
}

extension Broker {
    /// A producer of its own batches and buffer. Make one and share it among tasks.
    ///
    /// - Throws: `.invalidConfiguration`.
    public func makeProducer(
        _ configuration: ProducerConfiguration = ProducerConfiguration()
    ) throws(BrokerError) -> Producer {
        try configuration.check()
        return Producer(self, configuration)
    }

    /// A topic that takes records from outside and, if one is named, has that partition.
    func writableTopic(_ name: String, _ partition: Int32? = nil) throws(BrokerError) -> Topic {
        let topic = try catalogue.topic(of: TopicPartition(topic: name, partition: partition ?? 0))
        guard case .clients = topic.writer, !topic.isInternal else {
            throw BrokerError(
                .readOnlyTopic, "Topic \(name) is written by capture or by the broker itself.",
                remedy: "Append to a topic of your own.")
        }
        return topic
    }
}
