import LogStore

/// What the machines decide, done: records written, answers given, requests that wait.
extension TransactionCoordinator {
    func perform(
        _ decision: TransactionStateMachine.Decision, _ id: String, _ state: inout State,
        _ afterwards: inout Afterwards, _ answer: @escaping Answer, again: @escaping @Sendable (Int64?) -> Void
    ) {
        switch decision {
        case .refuse(let error):
            if state.machines[id]?.isForgettable == true { state.machines[id] = nil }
            afterwards.calls.append { answer(.failure(error)) }
        case .answer(let producer): afterwards.calls.append { answer(.success(producer)) }
        case .waitForAppends: state.parked[id, default: []].append { again(nil) }
        case .needsProducerID:
            afterwards.calls.append { [ids] in
                ids.next { result in
                    switch result {
                    case .success(let fresh): again(fresh)
                    case .failure(let error): answer(.failure(.notStored(error)))
                    }
                }
            }
        case .write(let metadata):
            persist(metadata, id, &state, &afterwards) { error in
                answer(error.map { .failure($0) } ?? .success(metadata.producer))
            }
        case .abortFirst(let metadata):
            persist(metadata, id, &state, &afterwards) { error in
                if let error { answer(.failure(error)) } else { again(nil) }
            }
        }
    }

    /// Writes the record, and after a decision the markers.
    private func persist(
        _ metadata: TransactionMetadata, _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        let record = TransactionRecord(id, metadata)
        do throws(BrokerError) {
            try topic.stage(key: record.key, value: record.value) { [self] error in
                run { state, afterwards in wrote(metadata, id, error, &state, &afterwards, then) }
            }
        } catch {
            wrote(metadata, id, error, &state, &afterwards, then)
        }
    }

    private func wrote(
        _ metadata: TransactionMetadata, _ id: String, _ error: BrokerError?, _ state: inout State,
        _ afterwards: inout Afterwards, _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        state.machines[id]?.wrote(isStored: error == nil, now: clock.monotonic())
        if let error {
            if state.machines[id]?.isForgettable == true { state.machines[id] = nil }
            return afterwards.calls.append { then(.notStored(error)) }
        }
        state.owners[metadata.producer.id] = id
        if metadata.decision == nil { return afterwards.calls.append { then(nil) } }
        writeMarkers(metadata, id, &state, &afterwards, then)
    }
}
