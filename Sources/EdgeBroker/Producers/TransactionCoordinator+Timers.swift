import LogStore
import RecordFormat
import Synchronization

/// What becomes due: transactions that were open for too long, markers that the disk refused, ids that nobody uses.
extension TransactionCoordinator {
    /// Kafka's `transactional.id.expiration.ms`.
    private static let idExpiry = Duration.seconds(7 * 86_400)
    static let expiryInterval = Duration.seconds(3600)

    /// When ``fireTimers()`` may have something to do.
    package var nextDeadline: Duration? { state.withLock { Self.nextDeadline($0) } }

    static func nextDeadline(_ state: State) -> Duration? {
        if state.machines.isEmpty || state.isClosed { return nil }
        return (state.machines.values.compactMap(\.wakeUp) + Array(state.retries.values) + [state.expiryDue]).min()
    }

    /// Whom to tell of a deadline that is earlier than those told before. He calls ``fireTimers()`` then, or a little later.
    package func onDeadline(_ call: @escaping @Sendable (Duration) -> Void) {
        listeners.withLock { $0.deadline = call }
        fireTimers()
    }

    /// Does what time has brought: aborts transactions that were open for too long, tries again what the disk refused, forgets ids
    /// that nobody has used for seven days.
    package func fireTimers() {
        run { state, afterwards in
            state.alarm = nil
            let now = clock.monotonic()
            for id in state.machines.keys.sorted() {
                if let retry = state.retries[id], retry <= now, let metadata = state.machines[id]?.current {
                    writeMarkers(metadata, id, &state, &afterwards) { _ in }
                }
                expire(id, now, &state, &afterwards)
            }
            if state.expiryDue <= now {
                state.expiryDue = now + Self.expiryInterval
                forgetIdle(&state)
            }
        }
    }

    private func expire(_ id: String, _ now: Duration, _ state: inout State, _ afterwards: inout Afterwards) {
        guard let decision = state.machines[id]?.expire(now: now, at: time()) else { return }
        perform(decision, id, &state, &afterwards, { _ in }) { [self] _ in
            run { state, afterwards in expire(id, clock.monotonic(), &state, &afterwards) }
        }
    }

    private func forgetIdle(_ state: inout State) {
        let time = time()
        for (id, machine) in state.machines where machine.isIdle {
            guard let current = machine.current,
                Duration.milliseconds(time.millisecondsSince1970 - current.updateTime.millisecondsSince1970)
                    >= Self.idExpiry
            else { continue }
            do throws(BrokerError) {
                try topic.stage(key: TransactionRecord(id, nil).key, value: nil) { _ in }
                state.machines[id] = nil
                state.owners[current.producer.id] = nil
            } catch {
                // In an hour, then.
                return
            }
        }
    }
}
