import LogStore
import RecordFormat

extension FuzzTarget {
    /// `.snapshot`. Bit 0 of the first byte: the checksum is left as it is.
    static let producerSnapshot = FuzzTarget("producer-snapshot", longest: 1024) {
        [
            Seed("five-batches", snapshot(batches: 5)), Seed("one-batch", snapshot(batches: 1)),
            Seed("empty", snapshot(batches: 0)), Seed("as-it-is", choices: 1, snapshot(batches: 2)),
        ]
    } laws: { input throws(BrokenLaw) in
        let end = Offset(1000)
        guard let states = ProducerStates(decodingSnapshot: input.checksummed(at: 2), of: owner, at: end)
        else { return false }
        try demandRoundTrip(states, encoded: states.encodedSnapshot(of: owner)) {
            ProducerStates(decodingSnapshot: $0, of: owner, at: end)
        }
        for producer in states.producers.values {
            try demand(producer.batches.count <= ProducerState.mostBatches, "\(producer) has too many batches")
            for batch in producer.batches {
                try demand(
                    batch.firstOffset >= .zero && batch.firstOffset <= batch.lastOffset && batch.lastOffset < end,
                    "\(batch) does not lie below \(end)")
                try demand(batch.firstSequence >= -1, "\(batch) begins with sequence number \(batch.firstSequence)")
            }
        }
        try checkGoingOn(from: states)
        return true
    }

    private static let owner = ProducerStates.Owner(topicID: goldenTopicID, partition: 3)

    /// A partition whose producers were read goes on with them.
    private static func checkGoingOn(from states: ProducerStates) throws(BrokenLaw) {
        var states = states
        let stable = states.lastStableOffset(below: states.end)
        try demand(stable <= states.end, "The last stable offset \(stable) lies above the end \(states.end)")
        for sequence in [Int32(0), 4] {
            let batch = stamped(GoldenBatches.produced(sequence: sequence, isTransactional: true), at: states.end)
            _ = states.verdict(on: batch)
            states.apply(batch, at: Timestamp(millisecondsSince1970: GoldenBatches.start))
        }
        try demand(states.producers[7]?.batches.last?.lastSequence == 7, "Producer 7 has not had its last batch")
        states.expire(at: Timestamp(millisecondsSince1970: .max), after: .zero)
        let marker = stamped(GoldenBatches.marker(.abort), at: states.end)
        let aborted = states.apply(
            marker, marker: TransactionMarker(.abort, coordinatorEpoch: 1),
            at: Timestamp(millisecondsSince1970: GoldenBatches.start))
        try demand(aborted?.producerID == 7, "The open transaction of producer 7 was not aborted")
    }

    private static func stamped(_ batch: [UInt8], at offset: Offset) -> RecordBatchHeader {
        var batch = batch
        batch.put(offset.rawValue, at: 0)
        guard let header = batch.withUnsafeBytes({ RecordBatchHeader(soundAtStartOf: $0) }) else {
            preconditionFailure("Our own batch is not sound")
        }
        return header
    }

    private static func snapshot(batches: Int32) -> [UInt8] {
        var states = ProducerStates(at: Offset(1000 - Int64(batches) * 4))
        for number in 0..<batches {
            states.apply(
                stamped(GoldenBatches.produced(sequence: 4 * number, isTransactional: number == 3), at: states.end),
                at: Timestamp(millisecondsSince1970: GoldenBatches.start + Int64(number)))
        }
        return states.encodedSnapshot(of: owner)
    }
}
