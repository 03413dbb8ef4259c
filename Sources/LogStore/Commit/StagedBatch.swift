import RecordFormat

/// A batch that has its place in the log: stamped with its base offset and leader epoch, not yet written.
struct StagedBatch: Sendable {
    let header: RecordBatchHeader
    /// Where it begins in ``StagedBatches/bytes``, unless it has bytes of its own.
    let position: Int
    /// Of a batch that is too large to be copied.
    let own: [UInt8]?

    var size: Int { header.totalSize }
}

/// What one partition gets in one commit round, in the order of offsets.
///
/// Small batches are copied, one behind the other, while they are staged: the memory that a producer encoded into goes back to the
/// thread that it came from, and the round writes what has gathered with one call. A large batch stays where it lies.
struct StagedBatches: Sendable {
    /// Beyond it, a copy would hold up everybody else who stages.
    static let largestCopied = 8 << 10

    private(set) var batches: [StagedBatch] = []
    /// Of the small batches.
    private(set) var bytes: [UInt8] = []
    /// Of all batches.
    private(set) var byteCount = 0
    /// Some of them belong to transactions, or end them.
    private(set) var isTransactional = false

    var count: Int { batches.count }

    /// - Parameter former: what the partition got in the round before; it will be about as much.
    init(expecting former: Expectation) {
        batches.reserveCapacity(former.batches)
        bytes.reserveCapacity(former.bytes)
    }

    struct Expectation: Sendable {
        var batches = 1
        var bytes = 0
    }

    /// At most a MiB, because another round may be smaller.
    var expectation: Expectation {
        Expectation(batches: min(batches.count, 1 << 12), bytes: min(bytes.count + bytes.count / 8, 1 << 20))
    }

    /// Calls `body` with each batch, in their order.
    func forEach(_ body: (RecordBatchHeader, UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            for batch in batches {
                if let own = batch.own {
                    own.withUnsafeBytes { body(batch.header, $0) }
                } else {
                    let place = batch.position..<(batch.position + batch.size)
                    body(batch.header, UnsafeRawBufferPointer(rebasing: bytes[place]))
                }
            }
        }
    }

    /// Gives a batch its place.
    /// - Parameter batch: one whole batch that was validated, or built, by this process. A large one is taken out.
    /// - Returns: its offsets.
    mutating func add(
        _ batch: inout [UInt8], _ header: RecordBatchHeader, at base: Offset, leaderEpoch: Int32
    ) -> Range<Offset> {
        let header = header.stamped(baseOffset: base, leaderEpoch: leaderEpoch)
        isTransactional = isTransactional || header.isOfTransaction
        byteCount += header.totalSize
        if batch.count > Self.largestCopied {
            var own: [UInt8] = []
            swap(&own, &batch)
            own.withUnsafeMutableBytes { header.stamp(into: $0) }
            batches.append(StagedBatch(header: header, position: 0, own: own))
        } else {
            let position = bytes.count
            bytes.append(contentsOf: batch)
            bytes.withUnsafeMutableBytes {
                header.stamp(into: UnsafeMutableRawBufferPointer(rebasing: $0[position...]))
            }
            batches.append(StagedBatch(header: header, position: position, own: nil))
        }
        return header.baseOffset..<header.nextOffset
    }
}

extension RecordBatchHeader {
    /// The header of a batch of this process, as it came: not yet stamped.
    init(ofOwn batch: [UInt8]) {
        self = batch.withUnsafeBytes { bytes in
            do throws(RecordFormatError) {
                return try RecordBatchHeader(decoding: bytes)
            } catch {
                preconditionFailure("A batch that was built here does not decode: \(error)")
            }
        }
        precondition(totalSize == batch.count, "A batch of \(totalSize) bytes came in \(batch.count)")
    }

    /// Whether it belongs to a transaction, or ends one.
    var isOfTransaction: Bool { producerID >= 0 && (attributes.isTransactional || attributes.isControl) }

    func stamped(baseOffset: Offset, leaderEpoch: Int32) -> RecordBatchHeader {
        var header = self
        header.baseOffset = baseOffset
        header.partitionLeaderEpoch = leaderEpoch
        return header
    }

    /// Writes what was stamped into the batch itself.
    func stamp(into batch: UnsafeMutableRawBufferPointer) {
        Self.stamp(baseOffset: baseOffset, leaderEpoch: partitionLeaderEpoch, into: batch)
    }
}
