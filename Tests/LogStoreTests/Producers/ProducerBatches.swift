import LogStore
import RecordFormat

/// A batch of one producer, whole and with its CRC.
func producerBatch(
    _ records: Int = 1, of id: Int64, epoch: Int16 = 0, sequence: Int32, transactional: Bool = false
) -> [UInt8] {
    withProducer(
        batch((0..<records).map { "record \($0)" }), id, epoch, sequence, attributes: transactional ? 1 << 4 : 0)
}

/// The control batch that ends a producer's transaction.
func transactionEnd(_ kind: TransactionMarker.Kind, of id: Int64, epoch: Int16 = 0) -> [UInt8] {
    let marker = TransactionMarker(kind, coordinatorEpoch: 1)
    var builder = RecordBatchBuilder()
    builder.append(key: marker.key, value: marker.value, timestamp: time(1))
    return withProducer(builder.finish(), id, epoch, -1, attributes: 1 << 4 | 1 << 5)
}

private func withProducer(
    _ batch: [UInt8], _ id: Int64, _ epoch: Int16, _ sequence: Int32, attributes: Int16
) -> [UInt8] {
    var bytes = batch
    bytes.withUnsafeMutableBytes { buffer in
        buffer.storeBytes(of: attributes.bigEndian, toByteOffset: 21, as: Int16.self)
        buffer.storeBytes(of: id.bigEndian, toByteOffset: 43, as: Int64.self)
        buffer.storeBytes(of: epoch.bigEndian, toByteOffset: 51, as: Int16.self)
        buffer.storeBytes(of: sequence.bigEndian, toByteOffset: 53, as: Int32.self)
        let crc = crc32c(UnsafeRawBufferPointer(rebasing: buffer[21...]))
        buffer.storeBytes(of: crc.bigEndian, toByteOffset: 17, as: UInt32.self)
    }
    return bytes
}

extension TemporaryLog {
    /// Appends whole batches, all in one commit round.
    func commit(_ batches: [[UInt8]], to partition: Partition) throws {
        let outcome = Outcome()
        try log.stage(Append(batches.map { Append.Batch($0, to: partition) }) { outcome.set($0) })
        log.runCommitRound()
        _ = try outcome.get()
    }

    func names(_ partition: Partition, suffix: String) throws -> [String] {
        try PosixDisk().list(partition.path).filter { $0.hasSuffix(suffix) }.sorted()
    }

    func overwrite(_ path: String, with bytes: [UInt8]) throws {
        let file = try PosixDisk().open(path, .createEmpty)
        defer { file.close() }
        _ = try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    }
}
