import LogStore
import RecordFormat

/// Batches of every kind that a log may hold, for the corpus.
enum GoldenBatches {
    static let start: Int64 = 1_700_000_000_000

    static let records: [Record] = (0..<4).map { number in
        Record(
            key: number == 1 ? nil : Array("key-\(number)".utf8),
            value: number == 2 ? nil : Array(repeating: UInt8(ascii: "v"), count: 9 * number),
            headers: number == 3 ? [RecordHeader(key: "lsn", value: [1, 2]), RecordHeader(key: "é", value: nil)] : [],
            timestamp: Timestamp(millisecondsSince1970: start + Int64(3 * number)))
    }

    static let codecs: [RecordBatchAttributes.Codec] = [.gzip, .snappy, .lz4, .zstd]

    static let plain: [UInt8] = {
        var builder = RecordBatchBuilder()
        builder.append(contentsOf: records)
        return builder.finish()
    }()

    static func compressed(_ codec: RecordBatchAttributes.Codec) -> [UInt8] {
        var compressor = RecordCompressor(codec)
        do throws(RecordFormatError) {
            return try plain.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try compressor.compressed(bytes)
            }
        } catch {
            preconditionFailure("Our own batch does not compress: \(error)")
        }
    }

    /// A batch of a producer with an id.
    static func produced(sequence: Int32, isTransactional: Bool = false) -> [UInt8] {
        withProducer(plain, sequence: sequence, attributes: isTransactional ? 1 << 4 : 0)
    }

    static func marker(_ kind: TransactionMarker.Kind) -> [UInt8] {
        let marker = TransactionMarker(kind, coordinatorEpoch: 1)
        var builder = RecordBatchBuilder()
        builder.append(
            key: marker.key, value: marker.value, timestamp: Timestamp(millisecondsSince1970: start))
        return withProducer(builder.finish(), sequence: -1, attributes: 1 << 4 | 1 << 5)
    }

    private static func withProducer(_ batch: [UInt8], sequence: Int32, attributes: Int16) -> [UInt8] {
        var bytes = batch
        bytes.put(attributes, at: 21)
        bytes.put(Int64(7), at: 43)
        bytes.put(Int16(0), at: 51)
        bytes.put(sequence, at: 53)
        bytes.sealBatch()
        return bytes
    }

    static let empty = RecordBatchHeader.empty(.zero..<Offset(3), leaderEpoch: 0)

    /// Batches one behind the other, with the offsets that follow from that.
    static func segment(_ batches: [[UInt8]]) -> [UInt8] {
        var segment: [UInt8] = []
        var next: Int64 = 0
        for batch in batches {
            var stamped = batch
            stamped.put(next, at: 0)
            stamped.put(Int32(0), at: 12)
            next += Int64(stamped.number(at: 23, Int32.self)) + 1
            segment += stamped
        }
        return segment
    }

    static let mixed = segment([
        plain, compressed(.zstd), produced(sequence: 0, isTransactional: true), marker(.abort), empty,
        compressed(.lz4), produced(sequence: 4, isTransactional: true), marker(.commit), compressed(.gzip),
        compressed(.snappy),
    ])
}

extension [UInt8] {
    /// Makes the batch's length, magic and CRC fit; fewer bytes than a header are left alone.
    mutating func sealBatch() {
        guard count >= RecordBatchHeader.encodedSize else { return }
        put(Int32(count - 12), at: 8)
        self[16] = RecordBatchHeader.magic
        put(crc32c(self[21...]), at: 17)
    }

    /// Makes the CRC of each batch of a segment fit, as far as the lengths lead, and its offset if `renumbering`.
    mutating func sealSegment(renumbering: Bool) {
        var place = 0
        var next: Int64 = 0
        while count - place >= RecordBatchHeader.encodedSize {
            let length = Int(number(at: place + 8, Int32.self))
            guard length >= RecordBatchHeader.encodedSize - 12, length <= count - place - 12 else { return }
            if renumbering { put(next, at: place) }
            next &+= Int64(number(at: place + 23, Int32.self)) &+ 1
            put(crc32c(self[(place + 21)..<(place + 12 + length)]), at: place + 17)
            place += 12 + length
        }
    }
}
