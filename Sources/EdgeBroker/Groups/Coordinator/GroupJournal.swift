package import RecordFormat

/// The producer of a transaction, for records that count when it does.
package struct TransactionalProducer: Sendable, Equatable {
    package var id: Int64
    package var epoch: Int16
    package init(id: Int64, epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }
}

/// Where groups keep their records: `__consumer_offsets`, or a simulation's.
package protocol GroupJournal: Sendable {
    /// Appends records, together or not at all. Neither blocks nor calls `completion` before it returns.
    ///
    /// Completions come in the order of the calls, each with the offset of the first record once all are synced.
    /// - Throws: what refuses the records at once; then `completion` is not called.
    func append(
        _ records: [GroupRecord], producer: TransactionalProducer?,
        completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) throws(BrokerError)
}
