package import RecordFormat

/// Walks the batches of a segment file from a position on and stops at the first that is not good.
///
/// A batch is good when its frame is whole, its CRC fits, and it starts at the expected offset. A zero length is never a batch.
package struct BatchScanner {
    package struct Good {
        package let header: RecordBatchHeader
        package let position: Int
        package let size: Int
        package var nextOffset: Offset { header.lastOffset.advanced(by: 1) }
    }

    /// Why the walk ended.
    package enum Ending: Equatable {
        /// At the limit, exactly behind a batch.
        case end
        /// At something that is not a batch.
        case bad(String)
    }

    /// Longest batch that is believed. Kafka's own limit is the field's, 2 GiB; ours is what a request may hold.
    static let batchLimit = 128 << 20
    private static let chunk = 1 << 20

    let file: any DiskFile
    let limit: Int
    package private(set) var position: Int
    package private(set) var expected: Offset
    /// CRC-32C of the file's bytes up to `position`, if it was right at the start.
    package private(set) var checksum: UInt32
    private var buffer: [UInt8] = []
    private var bufferStart = 0

    package init(_ file: any DiskFile, from position: Int, to limit: Int, expecting offset: Offset, checksum: UInt32 = 0) {
        self.file = file
        self.position = position
        self.limit = limit
        expected = offset
        self.checksum = checksum
        bufferStart = position
    }

    /// Walks on while batches are good and `body` says so.
    /// - Returns: how the walk ended, or `nil` if `body` ended it.
    package mutating func run(_ body: (Good) -> Bool) throws(DiskError) -> Ending? {
        while position < limit {
            switch try next() {
            case .success(let good):
                if !body(good) { return nil }
            case .failure(let reason):
                return .bad(reason.text)
            }
        }
        return .end
    }

    private struct Reason: Error { let text: String }

    private mutating func next() throws(DiskError) -> Result<Good, Reason> {
        guard limit - position >= RecordBatchHeader.encodedSize else {
            return .failure(Reason(text: "\(limit - position) bytes are too few for a batch"))
        }
        try fill(RecordBatchHeader.encodedSize)
        let start = position - bufferStart
        let header: RecordBatchHeader
        do throws(RecordFormatError) {
            header = try decodeHeader(at: start)
        } catch {
            return .failure(Reason(text: "\(error)"))
        }
        let size = header.totalSize
        guard size <= Self.batchLimit, size <= limit - position else {
            return .failure(Reason(text: "batch of \(size) bytes ends after the file"))
        }
        guard header.baseOffset == expected else {
            return .failure(Reason(text: "batch has base offset \(header.baseOffset), expected \(expected)"))
        }
        try fill(size)
        let batchStart = position - bufferStart
        if !PlantedBug.noChecksum.isActive {
            do throws(RecordFormatError) {
                try validate(at: batchStart, size: size)
            } catch {
                return .failure(Reason(text: "\(error)"))
            }
        }
        checksum = LogStore.checksum(of: buffer[batchStart..<(batchStart + size)], continuing: checksum)
        let good = Good(header: header, position: position, size: size)
        position += size
        expected = good.nextOffset
        return .success(good)
    }

    private func decodeHeader(at start: Int) throws(RecordFormatError) -> RecordBatchHeader {
        var failure: RecordFormatError?
        let header = buffer.withUnsafeBytes { bytes -> RecordBatchHeader? in
            do throws(RecordFormatError) {
                return try RecordBatchHeader(decoding: UnsafeRawBufferPointer(rebasing: bytes[start...]))
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        guard let header else { preconditionFailure("Decoding neither answered nor threw") }
        return header
    }

    private func validate(at start: Int, size: Int) throws(RecordFormatError) {
        var failure: RecordFormatError?
        buffer.withUnsafeBytes { bytes in
            do throws(RecordFormatError) {
                _ = try RecordBatchHeader.validate(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + size)]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Makes `count` bytes from `position` on available in the buffer.
    private mutating func fill(_ count: Int) throws(DiskError) {
        if position + count <= bufferStart + buffer.count { return }
        buffer = try file.bytes(at: position, count: min(max(count, Self.chunk), limit - position))
        bufferStart = position
        if buffer.count < count { throw DiskError("read", file.path, errno: DiskError.endedEarly) }
    }
}
