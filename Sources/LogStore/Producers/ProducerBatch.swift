package import RecordFormat

/// A batch with its producer's id that is to be appended once, however often it comes.
package struct ProducerBatch: Sendable {
    /// Why a batch is not in the log.
    package enum Failure: Error, Sendable {
        /// By what the partition knows of the producer. Nothing was appended.
        case refused(ProducerVerdict)
        case log(LogStoreError)
    }

    typealias Completion = @Sendable (Result<AppendedBatch, Failure>) -> Void

    /// What is to be told once no lock is held.
    struct Answer: Sendable {
        let completion: Completion
        let result: Result<AppendedBatch, Failure>

        func callAsFunction() { completion(result) }
    }

    let partition: Partition
    let header: RecordBatchHeader
    var bytes: [UInt8]
    let completion: Completion

    func answer(_ failure: Failure) -> Answer { Answer(completion: completion, result: .failure(failure)) }

    func answer(_ appended: AppendedBatch) -> Answer { Answer(completion: completion, result: .success(appended)) }

    /// As an append: whole, or without bytes for one that is in the log already and waits for its round.
    func completion(isDuplicate: Bool) -> @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void {
        { [completion] result in
            completion(
                result.map { AppendedBatch(range: $0[0], isDuplicate: isDuplicate) }.mapError { .log($0) })
        }
    }
}

/// A producer's batch that is in the log, synced or as durable as its partition promises.
package struct AppendedBatch: Sendable, Equatable {
    package let range: Range<Offset>
    /// It was there before: these are the offsets that it got then.
    package let isDuplicate: Bool
    /// The time that its records were given, in a topic of the broker's time.
    package var appendTime: Timestamp?

    package init(range: Range<Offset>, isDuplicate: Bool) {
        self.range = range
        self.isDuplicate = isDuplicate
    }
}
