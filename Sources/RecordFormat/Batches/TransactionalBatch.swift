extension [UInt8] {
    /// Makes the batch that these bytes are one of a producer's transaction, written for it by the broker: without a sequence.
    package mutating func makeTransactional(producerID: Int64, epoch: Int16, isControl: Bool = false) {
        withUnsafeMutableBytes { bytes in
            do throws(RecordFormatError) {
                var header = try RecordBatchHeader(decoding: UnsafeRawBufferPointer(bytes))
                header.attributes.rawValue |= 1 << 4 | (isControl ? 1 << 5 : 0)
                header.producerID = producerID
                header.producerEpoch = epoch
                header.baseSequence = -1
                header.encode(into: bytes)
            } catch {
                preconditionFailure("A batch that was just built has no header: \(error)")
            }
        }
    }
}
