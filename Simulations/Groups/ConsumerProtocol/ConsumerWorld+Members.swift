import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

extension ConsumerWorld {
    /// A consumer does one thing.
    mutating func act(_ place: Int, isOrderly: Bool = false) throws(Violation) {
        if let until = consumers[place].pausedUntil {
            if until > clock.now { return }
            consumers[place].pausedUntil = nil
        }
        if consumers[place].isFenced { return }
        if !isOrderly, random.chance(150) { commitLate(place) }
        if let request = consumers[place].request {
            let answer = request.reply.take()
            if !isOrderly, random.chance(30) {
                // The connection breaks; an answer on it is lost.
                breakOff(place)
            } else if let (result, _) = answer {
                consumers[place].request = nil
                try answered(place, request.heartbeat, result)
            }
            return
        }
        if !consumers[place].isIn {
            if consumers[place].commits.areAnswered { send(place, consumers[place].epoch) }
            return
        }
        if isOrderly {
            let mustTell = consumers[place].mustTell && consumers[place].commits.areAnswered
            if mustTell || clock.now >= consumers[place].lastHeartbeat + .seconds(3) {
                send(place, consumers[place].epoch)
            }
            return
        }
        switch random.below(100) {
        case ..<35:
            for partition in consumers[place].positions.keys.sorted() {
                consumers[place].positions[partition, default: 0] += Int64(random.below(5))
            }
        case ..<60: commit(consumers[place].positions, consumers[place].membership, place)
        case ..<96: send(place, consumers[place].epoch)
        default: if consumers[place].commits.areAnswered { leave(place) }
        }
    }

    /// The consumer's connection is gone, with what it may have been told.
    mutating func breakOff(_ place: Int) {
        if consumers[place].request == nil { return }
        ledger.couldNotTell(consumers[place].process, requestedAt: consumers[place].lastHeartbeat)
        consumers[place].request = nil
        consumers[place].mustTell = true
    }

    /// A thread that was slow commits what its process has given up. It must find itself fenced, or do no harm.
    private mutating func commitLate(_ place: Int) {
        // In which order a member commits within one epoch is its own affair.
        guard let late = consumers[place].late, late.membership.generation != consumers[place].epoch else { return }
        consumers[place].late = nil
        let mine = late.positions.filter { consumers[place].positions[$0.key] == nil }
        commit(mine, late.membership, place)
    }

    private mutating func send(_ place: Int, _ epoch: Int32) {
        let consumer = consumers[place]
        var heartbeat = ConsumerHeartbeat(
            group: Self.group, memberID: consumer.memberID, epoch: epoch, instanceID: consumer.instance)
        let tells = consumer.mustTell && consumer.commits.areAnswered
        if epoch == ConsumerHeartbeat.joins || tells && random.chance(500) {
            (heartbeat.topics, heartbeat.rebalanceTimeout) = ([Self.topic], Self.rebalanceTimeout)
        }
        if epoch == ConsumerHeartbeat.joins || tells {
            heartbeat.owned = Set(consumer.positions.keys.map { GroupPartition(topic: Self.topicID, $0) })
            consumers[place].mustTell = false
        }
        let owned = epoch < 0 ? [] : heartbeat.owned.map { Set($0.map(\.number)) }
        ledger.hear(consumer.process, owning: owned)
        trace("consumer \(consumer.process) comes in epoch \(epoch)\(owned.map { " with \($0.sorted())" } ?? "")")
        let reply = ProtocolConsumer.Reply()
        let (told, process, now, sent) = (told, consumer.process, clock.now, heartbeat)
        consumers[place].lastHeartbeat = now
        consumers[place].request = ProtocolConsumer.Request(reply: reply, heartbeat: heartbeat)
        coordinator.heartbeat(heartbeat) { result in
            told.add(Told.Answer(process: process, reply: reply, heartbeat: sent, sentAt: now, result: result))
            reply.put(result)
        }
    }

    /// A static member says that it will be back, another that it will not. Both are gone then, and a new process comes.
    private mutating func leave(_ place: Int) {
        let gone = consumers[place]
        consumers[place].positions = [:]
        send(place, gone.instance == nil ? ConsumerHeartbeat.leaves : ConsumerHeartbeat.pauses)
        consumers.remove(at: place)
        if gone.instance != nil { totals.returns += 1 }
        spawn(instance: gone.instance)
    }

    private mutating func answered(
        _ place: Int, _ heartbeat: ConsumerHeartbeat, _ result: Result<ConsumerHeartbeatAnswer, GroupError>
    ) throws(Violation) {
        switch result {
        case .success(let answer):
            consumers[place].epoch = answer.epoch
            if let assignment = answer.assignment { take(place, Set(assignment.map(\.number))) }
        case .failure(.unknownMemberID), .failure(.fencedMemberEpoch), .failure(.groupIDNotFound):
            totals.fenced += 1
            consumers[place].lose()
        case .failure(.fencedInstanceID):
            consumers[place].lose()
            consumers[place].isFenced = true
        // It tries again until the session of the one before it is over.
        case .failure(.unreleasedInstanceID): break
        case .failure(.notStored), .failure(.coordinatorNotAvailable): consumers[place].mustTell = true
        case .failure(let error): throw Violation("consumer \(consumers[place].process) was told \(error)")
        }
    }

    /// It commits what it is to give up and gives it up, and goes on with the rest where the group has committed.
    private mutating func take(_ place: Int, _ assigned: Set<Int32>) {
        let lost = consumers[place].positions.filter { !assigned.contains($0.key) }
        if !lost.isEmpty {
            let membership = consumers[place].membership
            commit(lost, membership, place)
            consumers[place].late = ProtocolConsumer.LateCommit(membership: membership, positions: lost)
            for partition in lost.keys { consumers[place].positions[partition] = nil }
        }
        for partition in assigned where consumers[place].positions[partition] == nil {
            let name = TopicPartition(topic: Self.topic, partition: partition)
            let committed = try? coordinator.fetch(Self.group, [name])[name]?.get()?.offset.rawValue
            consumers[place].positions[partition] = committed ?? 0
        }
        consumers[place].mustTell = true
    }

    private mutating func commit(_ positions: [Int32: Int64], _ membership: Membership, _ place: Int) {
        if positions.isEmpty { return }
        var values: [TopicPartition: CommittedOffset] = [:]
        for (partition, offset) in positions {
            values[TopicPartition(topic: Self.topic, partition: partition)] = CommittedOffset(Offset(offset))
        }
        let (synced, commits) = (synced, consumers[place].commits)
        let refusal = Inbox<GroupError>()
        commits.send()
        coordinator.commit(Self.group, membership, values) { result in
            commits.receive()
            switch result {
            case .success: synced.add(positions)
            case .failure(.notStored): break
            case .failure(let error): refusal.put(error)
            }
        }
        if refusal.take() != nil { totals.fenced += 1 } else { totals.commits += 1 }
    }
}
