/// Batches as a compaction leaves them. Whatever a reader or a producer relies on stays as it was: offsets, leader epoch,
/// timestamps, and the producer's id, epoch and sequence numbers.
extension RecordBatchHeader {
    /// A batch without records and without a producer: there is nothing at these offsets any more.
    ///
    /// - Parameter offsets: at least one, at most `Int32.max`.
    package static func empty(_ offsets: Range<Offset>, leaderEpoch: Int32) -> [UInt8] {
        let count = offsets.upperBound.rawValue - offsets.lowerBound.rawValue
        precondition((1...Int64(Int32.max)).contains(count), "An empty batch of \(count) offsets")
        let none = Timestamp(millisecondsSince1970: -1)
        var header = RecordBatchHeader(
            totalSize: Int32(encodedSize), recordCount: 0, baseTimestamp: none, maxTimestamp: none)
        header.baseOffset = offsets.lowerBound
        header.partitionLeaderEpoch = leaderEpoch
        header.lastOffsetDelta = Int32(count - 1)
        return header.encoded([])
    }

    /// The batch without its records: only what its producer's next batch is held against.
    package func emptied() -> [UInt8] {
        var header = self
        header.attributes = attributes.with(.uncompressed)
        header.attributes.hasDeleteHorizon = false
        header.baseTimestamp = Timestamp(millisecondsSince1970: -1)
        header.recordCount = 0
        return header.encoded([])
    }

    /// The batch with some of its records, not compressed.
    ///
    /// - Parameters:
    ///   - records: of this batch, in their order, at least one.
    ///   - horizon: becomes the delete horizon (KIP-534), which stands where the base timestamp was; `nil` leaves both as they
    ///     are.
    package func keeping(_ records: [RecordSlices], deleteHorizon horizon: Timestamp?) -> [UInt8] {
        precondition(!records.isEmpty, "A batch at \(baseOffset) was to keep none of its records")
        var header = self
        header.attributes = attributes.with(.uncompressed)
        header.recordCount = Int32(records.count)
        if let horizon {
            header.attributes.hasDeleteHorizon = true
            header.baseTimestamp = horizon
        }
        // With append time it is every record's, and stays.
        if attributes.timestampType == .createTime {
            header.maxTimestamp = records.reduce(records[0].timestamp) { max($0, $1.timestamp) }
        }
        let encodings = records.map { record in
            RecordEncoding(
                timestampDelta: record.timestamp.millisecondsSince1970
                    &- header.baseTimestamp.millisecondsSince1970,
                offsetDelta: record.offset.rawValue - baseOffset.rawValue, key: record.key, value: record.value,
                headersSize: Varint.size(of: Int64(record.headerCount)) + record.headerBytes.bytesLeft)
        }
        let size = encodings.reduce(0) { $0 + $1.size }
        let block = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            guard let start = UnsafeMutableRawBufferPointer(buffer).baseAddress else { return }
            var target = start
            for (record, encoding) in zip(records, encodings) {
                encoding.write(to: &target)
                Varint.write(Int64(record.headerCount), to: &target)
                let headers = record.headerBytes.rest
                if let bytes = headers.baseAddress { target.copyMemory(from: bytes, byteCount: headers.count) }
                target += headers.count
            }
            precondition(target == start + size, "Records of \(size) bytes were encoded to \(target - start)")
            initialized = size
        }
        return header.encoded(block)
    }

    /// The whole batch, with its length and CRC.
    private func encoded(_ records: [UInt8]) -> [UInt8] {
        var header = self
        var batch = [UInt8](repeating: 0, count: Self.encodedSize)
        batch.append(contentsOf: records)
        precondition(batch.count <= Int(Int32.max), "A batch of \(batch.count) bytes was made; the format ends at 2^31")
        header.batchLength = Int32(batch.count - Self.sizeBeforeLength)
        batch.withUnsafeMutableBytes { header.encode(into: $0) }
        return batch
    }
}
