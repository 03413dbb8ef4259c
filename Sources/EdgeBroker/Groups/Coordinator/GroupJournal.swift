package import RecordFormat

/// Where groups keep their records: `__consumer_offsets`, or a simulation's.
package protocol GroupJournal: Sendable {
    /// Appends records, together or not at all. Neither blocks nor calls `completion` before it returns.
    ///
    /// Completions come in the order of the calls, each with the offset of the first record once all are synced.
    /// - Throws: what refuses the records at once; then `completion` is not called.
    func append(
        _ records: [GroupRecord], producer: ProducerIdentity?,
        completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) throws(BrokerError)
}
