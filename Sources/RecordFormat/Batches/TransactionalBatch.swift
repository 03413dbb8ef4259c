extension [UInt8] {
    /// Writes into the batch that these bytes are whose it is.
    ///
    /// - Parameter sequence: of its first record; -1 for what the broker writes for a producer.
    package mutating func setProducer(
        id: Int64, epoch: Int16, sequence: Int32, isTransactional: Bool, isControl: Bool = false
    ) {
        withUnsafeMutableBytes { bytes in
            do throws(RecordFormatError) {
                var header = try RecordBatchHeader(decoding: UnsafeRawBufferPointer(bytes))
                header.attributes.rawValue |= (isTransactional ? 1 << 4 : 0) | (isControl ? 1 << 5 : 0)
                header.producerID = id
                header.producerEpoch = epoch
                header.baseSequence = sequence
                header.encode(into: bytes)
            } catch {
                preconditionFailure("A batch that was just built has no header: \(error)")
            }
        }
    }

    /// Makes the batch that these bytes are one of a producer's transaction, written for it by the broker: without a sequence.
    package mutating func makeTransactional(producerID: Int64, epoch: Int16, isControl: Bool = false) {
        setProducer(id: producerID, epoch: epoch, sequence: -1, isTransactional: true, isControl: isControl)
    }
}
