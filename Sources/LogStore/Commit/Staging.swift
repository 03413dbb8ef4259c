import RecordFormat

/// The next commit round while it fills: offsets are given out and batches take their place in one step under one lock.
///
/// One lock for all partitions and not one each: an append may span partitions, and must be taken whole by one round.
/// The step is short, because batches are handed over, not copied.
struct Staging {
    struct Staged {
        struct Batch {
            let slot: Int
            let bytes: [UInt8]
            let range: Range<Offset>
        }
        var batches: [Batch]
        var publications: [(slot: Int, highWatermark: Offset)]
        let completion: @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void

        /// Every partition whose failure is this append's failure.
        var slots: [Int] { batches.map(\.slot) + publications.map(\.slot) }
        var ranges: [Range<Offset>] { batches.map(\.range) }
    }

    enum Condition {
        case open
        /// Appends are refused with this error until the partition is open again.
        case refusing(LogStoreError)
    }

    /// Per partition, by slot.
    struct End {
        /// The offset that the next record gets.
        var next: Offset
        var condition: Condition = .open
    }

    var ends: [End] = []
    private(set) var appends: [Staged] = []
    var isClosed = false

    mutating func add(_ append: Append) throws(LogStoreError) -> [Range<Offset>] {
        if isClosed {
            throw LogStoreError(.closed, "The log is closed.", remedy: "Open it again to append.")
        }
        for batch in append.batches { try checkOpen(batch.partition) }
        for publication in append.publications { try checkOpen(publication.partition) }
        var staged = Staged(batches: [], publications: [], completion: append.completion)
        staged.batches.reserveCapacity(append.batches.count)
        for batch in append.batches {
            let slot = batch.partition.slot
            var bytes = batch.bytes
            let base = ends[slot].next
            let count = Int64(Self.stamp(&bytes, base: base))
            ends[slot].next = base.advanced(by: count)
            staged.batches.append(Staged.Batch(slot: slot, bytes: bytes, range: base..<ends[slot].next))
        }
        for publication in append.publications {
            let slot = publication.partition.slot
            precondition(
                publication.highWatermark <= ends[slot].next,
                "High watermark \(publication.highWatermark) of \(publication.partition.topicPartition) is past log end \(ends[slot].next)"
            )
            staged.publications.append((slot, publication.highWatermark))
        }
        let ranges = staged.ranges
        appends.append(staged)
        return ranges
    }

    private func checkOpen(_ partition: Partition) throws(LogStoreError) {
        if case .refusing(let error) = ends[partition.slot].condition { throw error }
    }

    /// Writes the base offset into a batch.
    /// - Returns: how many offsets it takes.
    private static func stamp(_ bytes: inout [UInt8], base: Offset) -> Int32 {
        bytes.withUnsafeMutableBytes { buffer in
            RecordBatchHeader.stamp(baseOffset: base, leaderEpoch: 0, into: buffer)
            do throws(RecordFormatError) {
                let header = try RecordBatchHeader(decoding: UnsafeRawBufferPointer(buffer))
                precondition(
                    header.totalSize == buffer.count, "A batch of \(header.totalSize) bytes came in \(buffer.count)")
                return header.lastOffsetDelta + 1
            } catch {
                preconditionFailure("A batch that was built here does not decode: \(error)")
            }
        }
    }

    /// What goes into the round that begins now.
    mutating func take() -> [Staged] {
        defer { appends = [] }
        return appends
    }

    /// Refuses further appends to `failed` partitions and takes out what was staged meanwhile and depends on them.
    /// - Parameter failed: grows by the partitions of the appends taken out.
    mutating func refuse(_ failed: inout [Int: LogStoreError]) -> [(Staged, LogStoreError)] {
        var out: [(Staged, LogStoreError)] = []
        var grew = true
        while grew {
            grew = false
            var kept: [Staged] = []
            for append in appends {
                guard let error = append.slots.compactMap({ failed[$0] }).first else {
                    kept.append(append)
                    continue
                }
                out.append((append, error))
                for slot in append.slots where failed[slot] == nil {
                    failed[slot] = error
                    grew = true
                }
            }
            appends = kept
        }
        for (slot, error) in failed { ends[slot].condition = .refusing(error) }
        return out
    }
}
