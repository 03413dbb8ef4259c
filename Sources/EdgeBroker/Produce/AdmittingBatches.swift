import RecordFormat

extension Topic {
    /// What a client's batch is before it is appended: not too large, and with the time that the topic's records have.
    ///
    /// - Throws: `.tooLarge`.
    func admit(_ batch: consuming [UInt8], at now: Timestamp) throws(BrokerError) -> [UInt8] {
        if batch.count > messages.maxBytes {
            throw tooLarge(batch.count)
        }
        if messages.timestamps == .logAppendTime {
            batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(appendTime: now, into: $0) }
        }
        return batch
    }

    func tooLarge(_ bytes: Int) -> BrokerError {
        BrokerError(
            .tooLarge, "A batch of \(bytes) bytes is larger than topic \(name) takes; nothing was appended.",
            remedy: "Split it, or raise max.message.bytes of the topic, which is \(messages.maxBytes).")
    }
}
