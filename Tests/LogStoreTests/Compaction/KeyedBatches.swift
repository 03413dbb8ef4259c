import LogStore
import RecordFormat

/// A record as the tests of compaction write them.
struct Keyed: Equatable, Sendable {
    var key: String?
    var value: String?

    static func put(_ key: String, _ value: String) -> Keyed { Keyed(key: key, value: value) }
    static func delete(_ key: String) -> Keyed { Keyed(key: key, value: nil) }
    static func keyless(_ value: String) -> Keyed { Keyed(key: nil, value: value) }
}

/// Who writes a batch.
struct Writer: Sendable {
    var id: Int64 = -1
    var epoch: Int16 = -1
    var sequence: Int32 = -1
    var attributes: Int16 = 0

    static let nobody = Writer()

    static func idempotent(_ id: Int64, epoch: Int16 = 0, sequence: Int32) -> Writer {
        Writer(id: id, epoch: epoch, sequence: sequence)
    }

    static func transactional(_ id: Int64, epoch: Int16 = 0, sequence: Int32 = 0) -> Writer {
        Writer(id: id, epoch: epoch, sequence: sequence, attributes: 1 << 4)
    }
}

func keyedBatch(
    _ records: [Keyed], by writer: Writer = .nobody, codec: RecordBatchAttributes.Codec = .uncompressed,
    timestamp: Int64 = 1000
) throws -> [UInt8] {
    var builder = RecordBatchBuilder()
    for (place, record) in records.enumerated() {
        builder.append(
            key: record.key.map { Array($0.utf8) }, value: record.value.map { Array($0.utf8) },
            headers: [RecordHeader(key: "place", value: [UInt8(place)])], timestamp: time(timestamp + Int64(place)))
    }
    var compressor = RecordCompressor(codec)
    return sign(try builder.finish(with: &compressor), by: writer)
}

func marker(_ kind: TransactionMarker.Kind, of id: Int64, epoch: Int16 = 0) -> [UInt8] {
    let marker = TransactionMarker(kind, coordinatorEpoch: 1)
    var builder = RecordBatchBuilder()
    builder.append(key: marker.key, value: marker.value, timestamp: time(1000))
    return sign(builder.finish(), by: Writer(id: id, epoch: epoch, sequence: -1, attributes: 1 << 4 | 1 << 5))
}

/// The batch with the length and the CRC that fit its bytes.
func signed(_ batch: [UInt8]) -> [UInt8] {
    var bytes = batch
    bytes.withUnsafeMutableBytes { buffer in
        buffer.storeBytes(of: Int32(buffer.count - 12).bigEndian, toByteOffset: 8, as: Int32.self)
        let crc = crc32c(UnsafeRawBufferPointer(rebasing: buffer[21...]))
        buffer.storeBytes(of: crc.bigEndian, toByteOffset: 17, as: UInt32.self)
    }
    return bytes
}

/// Puts the producer's fields into a batch.
private func sign(_ batch: [UInt8], by writer: Writer) -> [UInt8] {
    var bytes = batch
    bytes.withUnsafeMutableBytes { buffer in
        let attributes = buffer.loadUnaligned(fromByteOffset: 21, as: Int16.self).bigEndian | writer.attributes
        buffer.storeBytes(of: attributes.bigEndian, toByteOffset: 21, as: Int16.self)
        buffer.storeBytes(of: writer.id.bigEndian, toByteOffset: 43, as: Int64.self)
        buffer.storeBytes(of: writer.epoch.bigEndian, toByteOffset: 51, as: Int16.self)
        buffer.storeBytes(of: writer.sequence.bigEndian, toByteOffset: 53, as: Int32.self)
    }
    return signed(bytes)
}
