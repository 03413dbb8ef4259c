package import RecordFormat
import Synchronization

/// Appends of producers with an id. A batch is held against what the partition knows of its producer, and gets its offsets, in
/// one step: between the two no other one can come.
extension LogDirectory {
    /// Appends a data batch once. Never waits for the disk, but to write to a buffered partition.
    ///
    /// Batches of one caller to one partition take effect in the order of the calls, also where what is known of the producers
    /// must first be loaded; the committing thread does that.
    /// - Parameters:
    ///   - header: of the batch, which has a producer id.
    ///   - completion: called once: on the committing thread, or with a refusal, or for a buffered partition, before this
    ///     returns. A duplicate is told only when the batch that it repeats is synced and visible, for whoever sent both may
    ///     have got no answer to the first.
    package func produce(
        _ batch: consuming Append.Batch, _ header: RecordBatchHeader,
        completion: @escaping @Sendable (Result<AppendedBatch, ProducerBatch.Failure>) -> Void
    ) {
        var bytes: [UInt8] = []
        swap(&bytes, &batch.bytes)
        var produced = ProducerBatch(partition: batch.partition, header: header, bytes: bytes, completion: completion)
        bytes = []
        if let writer = batch.partition.directWriter.withLock({ $0 }) { return produceNow(&produced, with: writer) }
        let (answer, isQuorum) = staging.withLock { staging in
            (staging.admit(&produced), staging.count >= staging.quorum || !staging.waitingSlots.isEmpty)
        }
        if let answer { answer() } else if isQuorum { tellStaged() }
    }

    /// Loads what waiting batches are held against, and stages those that may be appended. By whoever commits.
    func admitWaiting(_ state: inout CommitState, _ answers: inout [ProducerBatch.Answer]) {
        for slot in staging.withLock({ $0.waitingSlots }).sorted() {
            let writer = state.writers[slot]
            do throws(DiskError) {
                // A failed partition refuses them, and what its files hold will go.
                if state.failures[slot] == nil, !state.retired.contains(slot) {
                    try load(slot, writer, &answers)
                } else {
                    answers += staging.withLock { $0.admitWaiting(slot) }
                }
            } catch {
                let name = writer.withLock { $0.partition.topicPartition }
                let failure = LogStoreError("Cannot read what producers wrote to \(name)", error)
                answers += staging.withLock { $0.dropWaiting(slot) }.map { $0.answer(.log(failure)) }
            }
        }
    }

    private func load(
        _ slot: Int, _ writer: SharedWriter, _ answers: inout [ProducerBatch.Answer]
    ) throws(DiskError) {
        let now = clock.wall()
        let (states, isBuffered) = try writer.withLock { (writer) throws(DiskError) -> (ProducerStates?, Bool) in
            if writer.producers == nil { try writer.loadProducers(at: now) }
            return (writer.producers, writer.isBuffered)
        }
        if isBuffered { return admitBuffered(slot, writer, &answers) }
        answers += staging.withLock { staging in
            if let states { staging.install(states, slot) }
            return staging.admitWaiting(slot)
        }
    }

    // MARK: Buffered partitions

    private func produceNow(_ batch: inout ProducerBatch, with writer: SharedWriter) {
        let slot = batch.partition.slot
        let mustWait = staging.withLock { staging in
            if staging.ends[slot].waiting.isEmpty { return false }
            staging.ends[slot].waiting.append(batch)
            return true
        }
        if mustWait { return }
        if let answer = tryProducing(&batch, with: writer) { return answer() }
        staging.withLock { $0.wait(batch) }
        tellStaged()
    }

    /// Writes those that wait. Each leaves the queue when it is written, so that nobody overtakes it.
    private func admitBuffered(_ slot: Int, _ writer: SharedWriter, _ answers: inout [ProducerBatch.Answer]) {
        while var batch = staging.withLock({ $0.ends[slot].waiting.first }) {
            let answer = tryProducing(&batch, with: writer)
            // Without one the partition has just failed: the next round loads again.
            guard let answer else { return }
            answers.append(answer)
            staging.withLock { $0.removeFirstWaiting(slot) }
        }
    }

    /// - Returns: `nil` if what is known of the producers must be loaded first.
    private func tryProducing(_ batch: inout ProducerBatch, with writer: SharedWriter) -> ProducerBatch.Answer? {
        var append = Append.Batch([], to: batch.partition)
        swap(&append.bytes, &batch.bytes)
        do throws(ProducerBatch.Failure) {
            guard let appended = try writeOnce(&append, batch.header, with: writer) else {
                swap(&append.bytes, &batch.bytes)
                return nil
            }
            return batch.answer(appended)
        } catch {
            return batch.answer(error)
        }
    }
}

// MARK: Under the staging lock

extension Staging {
    /// Stages the batch, or lets it wait.
    /// - Returns: what is to be told at once, instead.
    mutating func admit(_ batch: inout ProducerBatch) -> ProducerBatch.Answer? {
        let slot = batch.partition.slot
        do throws(LogStoreError) {
            try checkOpen(batch.partition)
            if ends[slot].producers == nil || !ends[slot].waiting.isEmpty {
                wait(batch)
                return nil
            }
            return try judge(&batch)
        } catch {
            return batch.answer(.log(error))
        }
    }

    private mutating func judge(_ batch: inout ProducerBatch) throws(LogStoreError) -> ProducerBatch.Answer? {
        let slot = batch.partition.slot
        switch ends[slot].producers?.verdict(on: batch.header) ?? .append {
        case .append:
            var batches = [Append.Batch([], to: batch.partition)]
            swap(&batches[0].bytes, &batch.bytes)
            _ = try add(&batches, publishing: [], waiters: 1, batch.completion(isDuplicate: false))
            return nil
        case .duplicate(let range, _):
            if PlantedProducerBug.duplicateBeforeSync.isActive {
                return batch.answer(AppendedBatch(range: range, isDuplicate: true))
            }
            // The round that it waits for comes after the one with the batch that it repeats, and fails with it.
            add(repeated: range, slot, batch.completion(isDuplicate: true))
            return nil
        case let verdict: return batch.answer(.refused(verdict))
        }
    }

    /// - Parameter header: as it is stamped.
    mutating func noteProducer(of header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer, _ slot: Int) {
        let marker = header.attributes.isControl ? TransactionMarker(of: batch) : nil
        let now = now()
        ends[slot].producers?.apply(header, marker: marker, at: now)
        if marker != nil { ends[slot].producers?.noteHighWatermark(header.nextOffset) }
        if ends[slot].producers?.producers.count ?? 0 > ends[slot].producerLimit { expireProducers(of: slot) }
    }

    private mutating func expireProducers(of slot: Int) {
        let (now, limit) = (now(), producerExpiry)
        ends[slot].producers?.expire(at: now, after: limit)
        ends[slot].producerLimit = max(Self.fewProducers, 2 * (ends[slot].producers?.producers.count ?? 0))
    }

    mutating func wait(_ batch: ProducerBatch) {
        ends[batch.partition.slot].waiting.append(batch)
        waitingSlots.insert(batch.partition.slot)
    }

    /// Takes what is known at the written end on to the staged one.
    mutating func install(_ states: ProducerStates, _ slot: Int) {
        if ends[slot].producers != nil { return }
        ends[slot].producers = states
        expireProducers(of: slot)
        batches(of: slot)?.forEach { header, bytes in
            if header.producerID >= 0 { noteProducer(of: header, bytes, slot) }
        }
    }

    /// - Returns: what is to be told at once.
    mutating func admitWaiting(_ slot: Int) -> [ProducerBatch.Answer] {
        dropWaiting(slot).compactMap { batch in
            var batch = batch
            return admit(&batch)
        }
    }

    mutating func dropWaiting(_ slot: Int) -> [ProducerBatch] {
        waitingSlots.remove(slot)
        defer { ends[slot].waiting = [] }
        return ends[slot].waiting
    }

    mutating func removeFirstWaiting(_ slot: Int) {
        ends[slot].waiting.removeFirst()
        if ends[slot].waiting.isEmpty { waitingSlots.remove(slot) }
    }
}
