import EdgeBroker
import KafkaClient
import RecordFormat

/// Does what `kafka-consumer-groups` was asked for, and prints what it prints.
struct GroupsAnswer {
    private let place: ServedLog

    init(_ place: ServedLog) { self.place = place }

    func answer(_ request: GroupsRequest) async throws {
        switch request {
        case .list(let states):
            let groups = try await place.groups()
            let lines = states.map { states in GroupsText.states(groups.filter { states.contains($0.state) }) }
            for line in lines ?? groups.map(\.name) { Console.data(line: line) }
        case .describe(let names, let shown): for group in try await groups(names) { try await describe(group, shown) }
        case .delete(let names):
            // Not described first: the server knows best which can be deleted.
            let all = try await self.names(names)
            for name in all { try await place.deleteGroup(name, evicts: false) }
            let list = all.map { "'\($0)'" }.joined(separator: ", ")
            Console.data(line: "Deletion of requested consumer groups (\(list)) was successful.")
        case .deleteOffsets(let name, let topics): try await deleteOffsets(of: name, topics)
        case .resetAsPlanned(let names, let file, let mode):
            let plan = try OffsetPlan(csv: OptionFile.text(at: file, "--from-file"), file: file)
            show(try await move(as: plan, names, file, mode), of: names, mode)
        case .reset(let names, let topics, let target, let mode):
            var moves: [(group: String, move: OffsetMove)] = []
            for name in try await self.names(names) {
                let partitions = try await partitions(topics, of: name)
                let moved = try await move(name, partitions, to: target, isDryRun: mode != .execute)
                moves += moved.map { (name, $0) }
            }
            show(moves, of: names, mode)
        }
    }

    private func show(_ moves: [(group: String, move: OffsetMove)], of names: GroupNames, _ mode: GroupResetMode) {
        let lines = mode == .export ? GroupsText.export(moves, of: names) : GroupsText.moves(moves)
        for line in lines { Console.data(line: line) }
    }

    /// Every group and line is tried before the first one counts: a server takes each for itself.
    private func move(
        as plan: OffsetPlan, _ names: GroupNames, _ file: String, _ mode: GroupResetMode
    ) async throws -> [(group: String, move: OffsetMove)] {
        var lines: [(group: String, line: OffsetPlan.Line)] = []
        let all = try await self.names(names)
        for name in all {
            let own = try plan.lines(for: name, isOnly: names.isOne, file: file)
            if own.isEmpty, all.count > 1 {
                Console.talk("\(file) has no offset for group \(name), which is left alone.")
            }
            if own.isEmpty { continue }
            lines += own.map { (name, $0) }
            if mode == .execute { try await place.checkHasNoMembers(name) }
        }
        if lines.isEmpty {
            let named = names.isOne ? " for group \(all.joined())" : " for any of the groups"
            throw Failure(.unusableData, "\(file) has no offset\(named). Check --from-file.")
        }
        var moves: [(group: String, move: OffsetMove)] = []
        for isDryRun in mode == .execute ? [true, false] : [true] {
            moves = []
            for (group, line) in lines {
                let moved = try await place.seek(
                    group, [line.partition], to: .offset(line.offset), isDryRun: isDryRun, evicts: false)
                moves += moved.map { (group, $0) }
            }
        }
        return moves
    }

    private func deleteOffsets(of group: String, _ topics: [TopicSelection]) async throws {
        let partitions = try await partitions(.some(topics), of: group)
        let mistakes = try await place.deleteOffsets(of: group, in: partitions)
        if mistakes.isEmpty { Console.data(line: "Request succeeded for deleting offsets from group \(group).") }
        for line in GroupsText.deletions(partitions.map { ($0, mistakes[$0]?.message) }) { Console.data(line: line) }
        if let first = partitions.compactMap({ mistakes[$0] }).first { throw first }
    }

    private func move(
        _ group: String, _ partitions: [TopicPartition], to target: GroupTarget, isDryRun: Bool
    ) async throws -> [OffsetMove] {
        switch target {
        case .reset(let reset):
            return try await place.seek(group, partitions, to: reset, isDryRun: isDryRun, evicts: false)
        case .current:
            let committed = try await committedOffsets(of: group)
            let others = partitions.filter { committed[$0] == nil }
            let moved = try await place.seek(group, others, to: .latest, isDryRun: isDryRun, evicts: false)
            let ends = Dictionary(moved.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
            // What is committed stays as it is, also outside of what the log has by now.
            return partitions.compactMap { partition in
                committed[partition].map { OffsetMove(partition: partition, from: $0, to: $0) } ?? ends[partition]
            }
        }
    }

    /// - Returns: nothing for a group that is not there.
    private func committedOffsets(of group: String) async throws -> [TopicPartition: Offset] {
        do {
            let lags = try await place.lag(of: group)
            return Dictionary(
                lags.compactMap { lag in lag.committed.map { (lag.partition, $0.offset) } },
                uniquingKeysWith: { first, _ in first })
        } catch {
            if Failure(explaining: error).status == .notFound { return [:] }
            throw error
        }
    }

    private func describe(_ group: GroupView, _ shown: GroupsShown) async throws {
        if shown != .state, group.members?.isEmpty == true {
            Console.talk("\nConsumer group '\(group.name)' has no active members.")
        }
        let lines =
            switch shown {
            case .offsets: GroupsText.offsets(group, try await place.lag(of: group.name))
            case .members(let withPartitions): GroupsText.members(group, withPartitions: withPartitions)
            case .state: GroupsText.state(group)
            }
        for line in lines { Console.data(line: line) }
    }

    private func groups(_ names: GroupNames) async throws -> [GroupView] {
        guard case .some(let names) = names else { return try await place.groups() }
        var groups: [GroupView] = []
        for name in names { groups.append(try await place.group(name)) }
        return groups
    }

    /// A group whose offsets are set need not be there.
    private func names(_ names: GroupNames) async throws -> [String] {
        guard case .some(let names) = names else { return try await place.groups().map(\.name) }
        return names
    }

    private func partitions(_ topics: GroupTopics, of group: String) async throws -> [TopicPartition] {
        guard case .some(let selections) = topics else {
            return try await place.lag(of: group).filter { $0.committed != nil }.map(\.partition)
        }
        var partitions: [TopicPartition] = []
        for selection in selections {
            let topic = try await place.topic(selection.topic)
            guard let numbers = selection.partitions else {
                partitions += topic.names
                continue
            }
            for number in numbers.numbers {
                _ = try topic.partition(number)
                partitions.append(TopicPartition(topic: topic.name, partition: number))
            }
        }
        // A topic may be named twice, once as a whole.
        var seen: Set<TopicPartition> = []
        return partitions.filter { seen.insert($0).inserted }
    }
}
