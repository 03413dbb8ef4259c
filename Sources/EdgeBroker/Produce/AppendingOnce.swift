package import LogStore
package import RecordFormat

/// Appends of batches as clients send them, and those of producers with an id, which are appended once.
extension Broker {
    /// Appends one encoded batch. For whoever must not wait: nothing blocks, and no task is made.
    ///
    /// With a producer id it is held against the last five batches of its producer (KIP-98): one that is in the log already is not
    /// appended again, and is answered with the offsets that it got then. Batches of one caller to one partition take effect in the
    /// order of the calls.
    /// - Parameter completion: called once, on the committing thread or before this returns: with `.unknownTopic`, `.readOnlyTopic`,
    ///   `.invalidRecord`, `.corrupt`, `.missingKey`, `.tooLarge`, `.outOfOrderSequence`, `.duplicateSequence`, `.invalidProducerEpoch`,
    ///   `.unknownProducer`, `.invalidTransactionState`, `.noSpace` or `.closed`, and then the batch was not appended; with `.storage`,
    ///   and then it is not known. A producer with an id sends it again then, and it is in the log once.
    package func append(
        batch bytes: [UInt8], to name: TopicPartition,
        completion: @escaping @Sendable (Result<AppendedBatch, BrokerError>) -> Void
    ) {
        do throws(BrokerError) {
            let header = try Self.header(of: bytes, for: name)
            let topic = try writable(name)
            let now = catalogue.now
            let bytes = try topic.admit(bytes, at: now)
            // Behind the check of its size, because it is decompressed.
            if topic.keeping.cleanup.compacts { try Self.checkKeys(bytes, of: name) }
            let completion = topic.messages.timestamps == .logAppendTime ? Self.telling(now, completion) : completion
            let partition = topic.partitions[Int(name.partition)]
            noteAppended(bytes.count)
            if header.producerID < 0 {
                try appendAny(Append.Batch(bytes, to: partition), completion)
            } else {
                try appendOnce(Append.Batch(bytes, to: partition), header, completion)
            }
        } catch {
            completion(.failure(error))
        }
    }

    /// Whoever appends to a topic of the broker's time learns it.
    private static func telling(
        _ time: Timestamp, _ completion: @escaping @Sendable (Result<AppendedBatch, BrokerError>) -> Void
    ) -> @Sendable (Result<AppendedBatch, BrokerError>) -> Void {
        { result in
            completion(
                result.map { appended in
                    var appended = appended
                    if !appended.isDuplicate { appended.appendTime = time }
                    return appended
                })
        }
    }

    func appendOnce(_ batch: [UInt8], to name: TopicPartition) async throws(BrokerError) -> Range<Offset> {
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<AppendedBatch, BrokerError>, Never>) in
            append(batch: batch, to: name) { continuation.resume(returning: $0) }
        }
        return try result.get().range
    }

    /// - Throws: `.invalidRecord` for what is no batch, and for one that only the broker may write.
    static func header(of batch: [UInt8], for name: TopicPartition) throws(BrokerError) -> RecordBatchHeader {
        let header: RecordBatchHeader
        do throws(RecordFormatError) {
            header = try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try RecordBatchHeader(decoding: bytes)
            }
        } catch {
            throw .invalidRecord("A batch for \(name) does not decode: \(error)")
        }
        if header.totalSize != batch.count {
            throw .invalidRecord("A batch of \(header.totalSize) bytes for \(name) came in \(batch.count).")
        }
        if header.attributes.isControl { throw .invalidRecord("A control batch was sent to \(name).") }
        if header.attributes.isTransactional, header.producerID < 0 {
            throw .invalidRecord("A batch for \(name) belongs to a transaction of no producer.")
        }
        if header.producerID >= 0, header.producerEpoch < 0 || header.baseSequence < 0 {
            throw .invalidRecord(
                "A batch of producer \(header.producerID) for \(name) has epoch \(header.producerEpoch) and sequence number \(header.baseSequence)."
            )
        }
        return header
    }

    private func appendAny(
        _ batch: consuming Append.Batch, _ completion: @escaping @Sendable (Result<AppendedBatch, BrokerError>) -> Void
    ) throws(BrokerError) {
        var batch = batch
        do throws(LogStoreError) {
            if let range = try directory.writeNow(&batch) {
                return completion(.success(AppendedBatch(range: range, isDuplicate: false)))
            }
            try directory.stage(
                Append([batch.takeOut()]) { result in
                    completion(
                        result.map { AppendedBatch(range: $0[0], isDuplicate: false) }.mapError { BrokerError($0) })
                })
        } catch {
            throw BrokerError(error)
        }
    }

    private func appendOnce(
        _ batch: consuming Append.Batch, _ header: RecordBatchHeader,
        _ completion: @escaping @Sendable (Result<AppendedBatch, BrokerError>) -> Void
    ) throws(BrokerError) {
        let name = batch.partition.topicPartition
        guard header.attributes.isTransactional else {
            return directory.produce(batch, header) { result in
                completion(result.mapError { BrokerError($0, header, name) })
            }
        }
        let producer = ProducerIdentity(id: header.producerID, epoch: header.producerEpoch)
        if let error = transactions.beginAppend(producer, to: name) { throw BrokerError(error, header, name) }
        directory.produce(batch, header) { [transactions] result in
            transactions.appendEnded(producer)
            completion(result.mapError { BrokerError($0, header, name) })
        }
    }
}

extension BrokerError {
    fileprivate static func invalidRecord(_ message: String) -> BrokerError {
        BrokerError(.invalidRecord, message, remedy: "Nothing was appended. Look at the client that sent it.")
    }

    init(_ failure: ProducerBatch.Failure, _ header: RecordBatchHeader, _ name: TopicPartition) {
        switch failure {
        case .log(let error): self.init(error)
        case .refused(let verdict): self.init(verdict, header, name)
        }
    }

    fileprivate init(_ error: TransactionError, _ header: RecordBatchHeader, _ name: TopicPartition) {
        let producer = "Producer \(header.producerID) of epoch \(header.producerEpoch)"
        switch error {
        case .invalidProducerEpoch:
            self.init(
                .invalidProducerEpoch, "\(producer) sent a batch to \(name), and has been fenced.",
                remedy: "A newer instance has taken over, or the transaction was open for too long.")
        case .invalidTransactionState:
            self.init(
                .invalidTransactionState, "\(producer) has no open transaction that \(name) belongs to.",
                remedy: "Add the partition to the transaction first.")
        default: self.init(error, "\(header.producerID)")
        }
    }

    private init(_ verdict: ProducerVerdict, _ header: RecordBatchHeader, _ name: TopicPartition) {
        let producer = "Producer \(header.producerID) of epoch \(header.producerEpoch)"
        switch verdict {
        case .append, .duplicate: preconditionFailure("Verdict \(verdict) on a batch for \(name) is no refusal")
        case .outOfOrder(let expected):
            // Numbers begin anew after 2^31 − 1, so that the nearer half of them is behind.
            let isBehind = (Int64(expected) - Int64(header.baseSequence)) & Int64(Int32.max) <= Int64(Int32.max) / 2
            self.init(
                isBehind ? .duplicateSequence : .outOfOrderSequence,
                "\(producer) sent sequence number \(header.baseSequence) to \(name), which expects \(expected).",
                remedy: isBehind
                    ? "The batch was appended before." : "Send the batches before it again; nothing was appended.")
        case .fenced(let epoch):
            self.init(
                .invalidProducerEpoch, "\(producer) sent a batch to \(name), which knows epoch \(epoch).",
                remedy: "A newer instance has taken over; stop this one.")
        case .unknownProducer:
            self.init(
                .unknownProducer,
                "\(producer) sent sequence number \(header.baseSequence) to \(name), which knows nothing of it.",
                remedy: "Begin anew with a new epoch.")
        case .transactionOpen:
            self.init(
                .invalidTransactionState, "\(producer) sent a batch outside of its open transaction to \(name).",
                remedy: "End the transaction first.")
        }
    }
}
