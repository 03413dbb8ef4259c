import EdgeBroker
import RecordFormat

extension Plant {
    /// Commits the transaction's number as the group's offset.
    func commitOffset(
        _ number: Int, of producer: ProducerIdentity, group: String, _ broker: Broker,
        completion: @escaping @Sendable (Bool) -> Void
    ) {
        let offsets = [partitions[0]: CommittedOffset(Offset(Int64(number)))]
        broker.commitOffsets(inTransactionOf: producer, group: group, nil, offsets) { [self] result in
            if case .failure(let error) = result { noteFailure("the offset of \(group) was refused: \(error)") }
            if case .success = result { completion(true) } else { completion(false) }
        }
    }

    /// What the group has committed: a transaction's number.
    func committedOffset(of group: String, _ broker: Broker) -> Int? {
        broker.committedOffsets(of: group)[partitions[0]].map { Int($0.offset.rawValue) }
    }
}
