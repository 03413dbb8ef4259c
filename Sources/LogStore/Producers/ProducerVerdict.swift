package import RecordFormat

/// Whether a producer's batch may be appended, by what the partition knows of that producer. The rules are Kafka's
/// (KIP-98, KIP-360).
package enum ProducerVerdict: Sendable, Equatable {
    /// It is the next one, or the producer has no number.
    case append
    /// It is in the log already, at these offsets: answer with them, append nothing.
    case duplicate(Range<Offset>, appendTime: Timestamp)
    /// Batches before it are missing, or it is older than the last ``ProducerState/mostBatches``. Retry from `expected`.
    case outOfOrder(expected: Int32)
    /// A newer instance of the producer has written.
    case fenced(currentEpoch: Int16)
    /// The partition knows nothing of this producer, whose first batch this is not: it expired, or its batches were
    /// deleted. Kafka appends it; whether one before it was lost or repeated, nobody can say any more.
    case unknownProducer
    /// A batch outside a transaction of a producer that has one open.
    case transactionOpen
}

extension ProducerStates {
    /// Judges a data batch. Nothing changes; ``apply(_:marker:at:)`` it once it has its offsets.
    package func verdict(on header: RecordBatchHeader) -> ProducerVerdict {
        if header.producerID < 0 { return .append }
        guard let producer = producers[header.producerID] else {
            return header.baseSequence > 0 ? .unknownProducer : .append
        }
        if header.producerEpoch < producer.epoch { return .fenced(currentEpoch: producer.epoch) }
        if producer.transactionStart != nil, !header.attributes.isTransactional { return .transactionOpen }
        // What the broker itself writes for a producer, such as its transaction's offset commits, has no sequence.
        if header.baseSequence < 0 { return .append }
        if header.producerEpoch > producer.epoch {
            return header.baseSequence == 0 ? .append : .outOfOrder(expected: 0)
        }
        let lastSequence = SequenceNumber.after(header.baseSequence, by: header.lastOffsetDelta)
        if let same = producer.batches.last(where: {
            $0.lastSequence == lastSequence && $0.offsetDelta == header.lastOffsetDelta
        }) {
            return .duplicate(same.firstOffset..<same.lastOffset.advanced(by: 1), appendTime: same.appendTime)
        }
        let expected = producer.lastSequence < 0 ? 0 : SequenceNumber.after(producer.lastSequence, by: 1)
        return header.baseSequence == expected ? .append : .outOfOrder(expected: expected)
    }
}
