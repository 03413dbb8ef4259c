package import LogStore
package import RecordFormat
import Synchronization

/// All consumer groups of the broker: takes requests of members in this process and of Kafka's clients alike, lets each group's
/// ``GroupStateMachine`` or ``ConsumerGroupStateMachine`` decide, and does what it says.
///
/// No call blocks, so event loops may make them. Answers come on the caller's thread, on the committing one, or on the timer's, after
/// the lock is given back. One deadline serves all sessions of all groups.
package final class GroupCoordinator: Sendable {
    typealias JoinAnswering = @Sendable (Result<JoinAnswer, GroupError>) -> Void
    typealias HeartbeatAnswering = @Sendable (Result<ConsumerHeartbeatAnswer, GroupError>) -> Void
    typealias SyncAnswering = @Sendable (Result<SyncAnswer, GroupError>) -> Void

    struct State {
        var groups: [String: GroupStateMachine] = [:]
        /// Those in the consumer protocol. No name is in both.
        var consumerGroups: [String: ConsumerGroupStateMachine] = [:]
        var joins: [GroupToken: JoinAnswering] = [:]
        var syncs: [GroupToken: SyncAnswering] = [:]
        var heartbeats: [GroupToken: HeartbeatAnswering] = [:]
        /// Writes of groups in the consumer protocol that are on their way to the disk. Each machine counts its own from 1, and a name
        /// may have another machine by the time that its former one's write ends.
        var consumerWrites: [GroupToken: ConsumerWrite] = [:]
        /// The newest that a request has brought.
        var topics = TopicImage()
        var lastToken: UInt64 = 0
        /// For when the timer was asked.
        var alarm: Duration?
        var isClosed = false

        var firstDeadline: Duration? {
            (groups.values.compactMap(\.wakeUp) + consumerGroups.values.compactMap(\.wakeUp)).min()
        }

        mutating func nextToken() -> GroupToken {
            lastToken += 1
            return GroupToken(lastToken)
        }
    }

    struct ConsumerWrite {
        let group: String
        let number: UInt64
    }

    /// What is done once the lock is given back.
    struct Afterwards {
        var calls: [@Sendable () -> Void] = []
        /// A deadline that came into being.
        var wakeUp: Duration?
    }

    private struct Alarm {
        var call: @Sendable (Duration) -> Void = { _ in }
    }

    let settings: GroupSettings
    let journal: any GroupJournal
    let offsets: CommittedOffsets
    let clock: LogClock
    let random: @Sendable () -> UInt64
    let partitionExists: @Sendable (TopicPartition) -> Bool
    let topics: @Sendable () -> TopicImage
    private let state = Mutex(State())
    private let alarm = Mutex(Alarm())

    /// - Parameters:
    ///   - groups: what the log says of them. Every member has a whole session from now on.
    ///   - consumerGroups: the same of those in the consumer protocol.
    ///   - partitionExists: offsets are committed for these alone.
    ///   - topics: those that there are now. Must not come back to the coordinator.
    package init(
        settings: GroupSettings = GroupSettings(), journal: any GroupJournal, offsets: CommittedOffsets,
        groups: [String: GroupMetadata], consumerGroups: [String: ConsumerGroupContents] = [:], clock: LogClock,
        random: @escaping @Sendable () -> UInt64, partitionExists: @escaping @Sendable (TopicPartition) -> Bool,
        topics: @escaping @Sendable () -> TopicImage
    ) {
        self.settings = settings
        self.journal = journal
        self.offsets = offsets
        self.clock = clock
        self.random = random
        self.partitionExists = partitionExists
        self.topics = topics
        let now = clock.monotonic()
        state.withLock { state in
            for (group, metadata) in groups {
                var machine = GroupStateMachine(group: group, settings: settings)
                machine.replay(metadata)
                machine.start(now: now)
                state.groups[group] = machine
            }
            for (group, contents) in consumerGroups {
                state.consumerGroups[group] = ConsumerGroupStateMachine(
                    group: group, settings: settings, replaying: contents, now: now)
            }
        }
    }

    // MARK: Time

    /// When ``fireTimers()`` may have something to do; not after the first deadline.
    package var nextDeadline: Duration? {
        state.withLock(\.firstDeadline)
    }

    /// Whom to tell of a deadline that is earlier than those told before. He calls ``fireTimers()`` then, or a little later.
    package func onDeadline(_ call: @escaping @Sendable (Duration) -> Void) {
        alarm.withLock { $0 = Alarm(call: call) }
        fireTimers()
    }

    /// Does what time has brought.
    package func fireTimers() {
        run { state, afterwards in
            let now = clock.monotonic()
            state.alarm = nil
            for (group, machine) in state.groups where machine.wakeUp.map({ $0 <= now }) ?? false {
                perform(state.groups[group]?.expire(now: now) ?? [], group, &state, &afterwards)
                settle(group, &state, &afterwards)
            }
            for (group, machine) in state.consumerGroups where machine.wakeUp.map({ $0 <= now }) ?? false {
                perform(state.consumerGroups[group]?.expire(now: now) ?? [], group, &state, &afterwards)
                settleConsumers(group, &state, &afterwards)
            }
            afterwards.wakeUp = state.firstDeadline
        }
    }

    /// Answers everybody who waits, and from now on everybody: there is no coordinator.
    package func close() {
        run { state, afterwards in
            state.isClosed = true
            for answer in state.joins.values { afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            for answer in state.syncs.values { afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            for answer in state.heartbeats.values {
                afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) }
            }
            state.joins = [:]
            state.syncs = [:]
            state.heartbeats = [:]
            state.consumerWrites = [:]
            state.groups = [:]
            state.consumerGroups = [:]
        }
    }

    // MARK: The shell around the machines

    /// Holds the lock for `body`, then does what it left to be done.
    func run<Result: Sendable>(_ body: (inout State, inout Afterwards) -> Result) -> Result {
        var afterwards = Afterwards()
        var alarmAt: Duration?
        let result = state.withLock { state in
            let result = body(&state, &afterwards)
            if let wakeUp = afterwards.wakeUp, !state.isClosed, wakeUp < state.alarm ?? .seconds(Int64.max) {
                state.alarm = wakeUp
                alarmAt = wakeUp
            }
            return result
        }
        if let alarmAt { alarm.withLock(\.self).call(alarmAt) }
        for call in afterwards.calls { call() }
        return result
    }

    /// Hands an event to a group, after what time has brought it.
    func act<Result>(
        on group: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ body: (inout GroupStateMachine, Duration) -> (Result, [GroupAction])
    ) -> Result {
        let now = clock.monotonic()
        let due = state.groups[group]?.expire(now: now) ?? []
        if !due.isEmpty { perform(due, group, &state, &afterwards) }
        let (result, actions) = body(
            &state.groups[group, default: GroupStateMachine(group: group, settings: settings)], now)
        perform(actions, group, &state, &afterwards)
        settle(group, &state, &afterwards)
        return result
    }

    /// Forgets a group that came to nothing, and looks at its first deadline.
    private func settle(_ group: String, _ state: inout State, _ afterwards: inout Afterwards) {
        if state.groups[group]?.isForgettable == true { state.groups[group] = nil }
        guard let wakeUp = state.groups[group]?.wakeUp else { return }
        afterwards.wakeUp = min(afterwards.wakeUp ?? wakeUp, wakeUp)
    }

    private func perform(
        _ actions: [GroupAction], _ group: String, _ state: inout State, _ afterwards: inout Afterwards
    ) {
        var actions = actions[...]
        while let action = actions.popFirst() {
            switch action {
            case .answerJoin(let token, let result):
                guard let answer = state.joins.removeValue(forKey: token) else { continue }
                afterwards.calls.append { answer(result) }
            case .answerSync(let token, let result):
                guard let answer = state.syncs.removeValue(forKey: token) else { continue }
                afterwards.calls.append { answer(result) }
            case .persist(let metadata, let write):
                guard let error = persist(metadata, group, write) else { continue }
                actions += state.groups[group]?.wrote(write, .notStored(error), now: clock.monotonic()) ?? []
            }
        }
    }

    /// - Returns: why the log does not take the record.
    private func persist(_ metadata: GroupMetadata, _ group: String, _ write: GroupWrite) -> BrokerError? {
        do throws(BrokerError) {
            try journal.append([record(of: metadata, group)], producer: nil) { result in
                self.wrote(group, write, result)
            }
            return nil
        } catch {
            return error
        }
    }

    func record(of metadata: GroupMetadata, _ group: String) -> GroupRecord {
        var metadata = metadata
        metadata.time = clock.wall()
        return .group(GroupMetadataRecord(group: group, metadata: metadata))
    }

    func wrote(_ group: String, _ write: GroupWrite, _ result: Result<Offset, BrokerError>) {
        var refusal: GroupError?
        if case .failure(let error) = result { refusal = .notStored(error) }
        run { state, afterwards in
            // It may have been deleted meanwhile.
            if state.groups[group] == nil { return }
            act(on: group, &state, &afterwards) { machine, now in
                ((), machine.wrote(write, refusal, now: now))
            }
        }
    }
}
