import EdgeBroker
import EdgeBrokerTesting
import RecordFormat
import Synchronization

extension World {
    /// A consumer does one thing.
    mutating func act(_ place: Int, isOrderly: Bool = false) throws(Violation) {
        let now = clock.now
        if let until = consumers[place].pausedUntil {
            if until > now { return }
            consumers[place].pausedUntil = nil
        }
        if !isOrderly { try commitLate(place) }
        switch consumers[place].phase {
        case .out:
            if consumers[place].commits.areAnswered { join(place) }
        case .joining(let inbox):
            if let (result, _) = inbox.take() {
                // The answer may be lost, and so may its sender's knowledge of it.
                if !isOrderly, random.chance(30) { consumers[place].phase = .out } else { try joined(place, result) }
            } else if !isOrderly, random.chance(30) {
                consumers[place].phase = .out
            }
        case .syncing(let inbox, let answer):
            if let (result, turn) = inbox.take() {
                if !isOrderly, random.chance(30) {
                    sync(place, answer)
                } else {
                    try synced(place, result, answer, turn)
                }
            } else if !isOrderly, random.chance(100) {
                sync(place, answer)
            }
        case .working: try work(place, isOrderly: isOrderly)
        case .fenced: break
        }
    }

    /// A thread that was slow commits under the generation before. It must find itself fenced.
    private mutating func commitLate(_ place: Int) throws(Violation) {
        guard let late = consumers[place].late, late.membership.generation != consumers[place].generation,
            random.chance(200)
        else { return }
        consumers[place].late = nil
        try commit(late.positions, membership: late.membership, process: consumers[place].process)
    }

    // MARK: Joining

    private mutating func join(_ place: Int) {
        let consumer = consumers[place]
        let member = AssignedMember(
            memberID: consumer.memberID, instanceID: consumer.instance, topics: [Self.topic],
            ownedPartitions: consumer.known, generation: consumer.generation)
        var request = JoinRequest(
            group: Self.group, memberID: consumer.memberID, instanceID: consumer.instance,
            clientID: "c\(consumer.process)", clientHost: "", sessionTimeout: .seconds(10),
            rebalanceTimeout: .seconds(20),
            protocolType: ConsumerSubscription.protocolType,
            protocols: [GroupProtocol(assignor.rawValue, assignor.subscription(member).encoded())])
        request.requiresKnownMemberID = consumer.isTwoStep
        request.supportsSkippingAssignment = consumer.supportsSkipping
        if !consumer.positions.isEmpty {
            consumers[place].late = Consumer.LateCommit(
                membership: consumer.membership, positions: consumer.positions)
        }
        let inbox = Inbox<Result<JoinAnswer, GroupError>>()
        consumers[place].phase = .joining(inbox)
        trace("consumer \(consumer.process) joins as \(consumer.memberID.debugDescription)")
        if !assignor.isCooperative { consumers[place].positions = [:] }
        coordinator.join(request) { inbox.put($0) }
    }

    private mutating func joined(_ place: Int, _ result: Result<JoinAnswer, GroupError>) throws(Violation) {
        switch result {
        case .success(let answer):
            let isKnown = ledger.generations.contains(answer.generation)
            if isKnown, consumers[place].instance != nil, consumers[place].generation < 0 { totals.returns += 1 }
            consumers[place].memberID = answer.memberID
            consumers[place].generation = answer.generation
            trace(
                "consumer \(consumers[place].process) has joined generation \(answer.generation), leader \(answer.isLeader)"
            )
            sync(place, answer)
        case .failure(.memberIDRequired(let id)):
            consumers[place].memberID = id
            join(place)
        case .failure(let error): try refused(place, error)
        }
    }

    private mutating func sync(_ place: Int, _ answer: JoinAnswer) {
        var request = SyncRequest(
            group: Self.group,
            membership: Membership(
                memberID: answer.memberID, generation: answer.generation, instanceID: consumers[place].instance),
            protocolType: answer.protocolType, protocolName: answer.protocolName)
        if answer.isLeader, !answer.skipsAssignment {
            var members = answer.members.compactMap(assignor.member)
            // A leader that asks again may have changed its mind.
            if random.chance(300) { members.shuffle(using: &random) }
            var assigned = assignor.assign(members, [Self.topic: partitionCount])
            if !assignor.isCooperative, random.chance(300), let first = members.first, let last = members.last {
                let (one, other) = (assigned[first.memberID], assigned[last.memberID])
                (assigned[first.memberID], assigned[last.memberID]) = (other, one)
            }
            request.assignments = assigned.map {
                SyncRequest.Assignment(memberID: $0.key, ConsumerAssignment($0.value).encoded())
            }
        }
        let inbox = Inbox<Result<SyncAnswer, GroupError>>()
        consumers[place].phase = .syncing(inbox, answer)
        coordinator.sync(request) { [turns] in inbox.put($0, turn: turns.next()) }
    }

    private mutating func synced(
        _ place: Int, _ result: Result<SyncAnswer, GroupError>, _ answer: JoinAnswer, _ turn: Int
    ) throws(Violation) {
        let given: [TopicPartition]
        switch result {
        case .failure(let error): return try refused(place, error)
        case .success(let answer):
            guard let assignment = ConsumerAssignment(decoding: answer.assignment) else {
                throw Violation("an assignment does not decode")
            }
            given = assignment.partitions
        }
        let process = consumers[place].process
        trace("consumer \(process) has \(given.map(\.partition)) in generation \(answer.generation)")
        totals.grants += 1
        for partition in given {
            try ledger.grant(
                partition.partition, generation: answer.generation, process: process,
                instance: consumers[place].instance, turn: turn)
        }
        consumers[place].phase = .working
        consumers[place].lastHeartbeat = clock.now
        let numbers = Set(given.map(\.partition))
        // What it has to give up it commits while it still may.
        let revoked = consumers[place].positions.filter { !numbers.contains($0.key) }
        if !revoked.isEmpty {
            _ = try commit(revoked, membership: consumers[place].membership, process: process)
            for partition in revoked.keys { consumers[place].positions[partition] = nil }
        }
        for partition in given where consumers[place].positions[partition.partition] == nil {
            let committed = try? coordinator.fetch(Self.group, [partition])[partition]?.get()?.offset.rawValue
            consumers[place].positions[partition.partition] = committed ?? 0
        }
        consumers[place].known = given
        if !revoked.isEmpty { consumers[place].phase = .out }
    }

    // MARK: Working

    private mutating func work(_ place: Int, isOrderly: Bool) throws(Violation) {
        if isOrderly {
            if clock.now >= consumers[place].lastHeartbeat + .seconds(3) { try heartbeat(place) }
            return
        }
        switch random.below(100) {
        case ..<35:
            for partition in consumers[place].positions.keys.sorted() {
                consumers[place].positions[partition, default: 0] += Int64(random.below(5))
            }
        case ..<65: try commitAll(place)
        case ..<94: try heartbeat(place)
        case ..<97: consumers[place].phase = .out
        default:
            if consumers[place].instance == nil { leave(place) }
        }
    }

    private mutating func heartbeat(_ place: Int) throws(Violation) {
        consumers[place].lastHeartbeat = clock.now
        guard let error = coordinator.heartbeat(Self.group, consumers[place].membership) else { return }
        if error == .rebalanceInProgress {
            // What it has in hand it commits before it joins.
            try commitAll(place)
            if consumers[place].isWorking { consumers[place].phase = .out }
        } else {
            try refused(place, error)
        }
    }

    private mutating func leave(_ place: Int) {
        trace("consumer \(consumers[place].process) leaves")
        _ = coordinator.leave(Self.group, [LeavingMember(memberID: consumers[place].memberID)])
        consumers[place].lose(forgettingID: true)
    }

    private mutating func commitAll(_ place: Int) throws(Violation) {
        let consumer = consumers[place]
        if consumer.positions.isEmpty { return }
        if let error = try commit(consumer.positions, membership: consumer.membership, process: consumer.process) {
            if error == .rebalanceInProgress { consumers[place].phase = .out } else { try refused(place, error) }
        }
    }

    /// - Returns: why the commit was refused; whether it is stored shows later.
    @discardableResult
    mutating func commit(
        _ positions: [Int32: Int64], membership: Membership?, process: Int
    ) throws(Violation) -> GroupError? {
        let refusal = Inbox<GroupError>()
        let synced = synced
        let isSeek = membership == nil
        var values: [TopicPartition: CommittedOffset] = [:]
        for (partition, offset) in positions {
            values[TopicPartition(topic: Self.topic, partition: partition)] = CommittedOffset(Offset(offset))
        }
        let commits = consumers.first { $0.process == process }?.commits
        commits?.send()
        coordinator.commit(Self.group, membership, values) { result in
            commits?.receive()
            switch result {
            case .success: synced.add(Synced.Commit(offsets: positions, isSeek: isSeek, isStored: true))
            case .failure(.notStored): synced.add(Synced.Commit(offsets: positions, isSeek: isSeek, isStored: false))
            case .failure(let error): refusal.put(error)
            }
        }
        try settleCommits()
        if let (error, _) = refusal.take() {
            totals.fenced += 1
            return error
        }
        trace("\(isSeek ? "a seek" : "consumer \(process)") commits \(positions)")
        if isSeek {
            totals.seeks += 1
            // Until it is known to be synced a crash may find it or not.
            ledger.beginSeek()
        } else {
            totals.commits += 1
            // In which order a member commits within one generation is its own affair: a slow thread does not come behind a later one.
            if let place = consumers.firstIndex(where: { $0.process == process }),
                consumers[place].late?.membership == membership
            {
                consumers[place].late = nil
            }
            for partition in positions.keys {
                try ledger.check(commitOf: partition, generation: membership?.generation ?? -1, process: process)
            }
        }
        return nil
    }

    /// Looks at what has been synced meanwhile.
    mutating func settleCommits() throws(Violation) {
        for commit in synced.take() {
            if commit.isSeek { ledger.endSeek(isStored: commit.isStored) }
            if !commit.isStored { continue }
            for (partition, offset) in commit.offsets {
                try ledger.apply(offset, to: partition, isAsked: commit.isSeek)
            }
        }
    }

    // MARK: Refusals

    private mutating func refused(_ place: Int, _ error: GroupError) throws(Violation) {
        trace("consumer \(consumers[place].process) is refused: \(error)")
        switch error {
        case .unknownMemberID: consumers[place].lose(forgettingID: true)
        case .illegalGeneration: consumers[place].lose(forgettingID: false)
        case .fencedInstanceID:
            consumers[place].lose(forgettingID: true)
            consumers[place].phase = .fenced
        case .rebalanceInProgress, .coordinatorNotAvailable, .notStored: consumers[place].phase = .out
        default: throw Violation("consumer \(consumers[place].process) was told \(error)")
        }
    }
}
