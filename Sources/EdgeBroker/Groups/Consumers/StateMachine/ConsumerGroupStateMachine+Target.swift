extension ConsumerGroupStateMachine {
    /// Takes in what a member tells of itself.
    mutating func update(_ request: ConsumerHeartbeat) {
        guard var member = members[request.memberID] else { return }
        let before = member.record
        if let rackID = request.rackID { member.rackID = rackID }
        if let timeout = request.rebalanceTimeout {
            // As the record can hold it.
            member.rebalanceTimeout = min(max(timeout, .zero), .milliseconds(Int32.max))
        }
        if let topics = request.topics { member.topics = Array(Set(topics)).sorted() }
        if let pattern = request.pattern { member.pattern = pattern.isEmpty ? nil : pattern }
        if let assignor = request.assignor { member.assignor = ServerAssignor(rawValue: assignor) }
        if request.epoch == ConsumerHeartbeat.joins {
            (member.clientID, member.clientHost) = (request.clientID, request.clientHost)
        }
        let after = member.record
        if after == before { return }
        members[member.id] = member
        writing.mark(.member(member.id))
        if (after.topics, after.pattern, after.assignor) == (before.topics, before.pattern, before.assignor) { return }
        seenTopics = nil
        // A member that has just come, or that another has left its place to, has had its bump.
        if targetEpoch == epoch { bumpEpoch() }
    }

    /// Notices that topics which the members read have come, gone, or grown.
    mutating func lookAtTopics(_ image: TopicImage) {
        if seenTopics == image.version { return }
        seenTopics = image.version
        var known = image.topics
        let names = subscriptions(known).values.reduce(into: Set<String>()) { $0.formUnion($1) }
        known = known.filter { names.contains($0.key) }
        let used = Set(members.values.compactMap(\.pattern))
        patterns = patterns.filter { used.contains($0.key) }
        if known == topics { return }
        topics = known
        writing.mark(.topics)
        if targetEpoch == epoch { bumpEpoch() }
    }

    /// Divides the partitions, if something has changed since they were divided last.
    mutating func divideIfDue() {
        if targetEpoch == epoch { return }
        assignor = ServerAssignor.voted(members.values)
        let divided = assignor.divide(roster, subscriptions(topics), topics, former: targets)
        for id in members.keys where targets[id] != (divided[id] ?? []) {
            targets[id] = divided[id] ?? []
            writing.mark(.target(id))
        }
        targetEpoch = epoch
        writing.mark(.targetEpoch)
    }

    /// Of each member the topics that it reads and that exist.
    private mutating func subscriptions(_ known: [String: TopicImage.Topic]) -> [String: Set<String>] {
        var matching: [String: Set<String>] = [:]
        for pattern in Set(members.values.compactMap(\.pattern)) { matching[pattern] = names(matching: pattern, known) }
        return members.mapValues { member in
            let named = member.topics.filter { known[$0] != nil }
            return Set(named).union(member.pattern.flatMap { matching[$0] } ?? [])
        }
    }

    /// Not the broker's own topics: who wants these names them.
    private mutating func names(matching pattern: String, _ known: [String: TopicImage.Topic]) -> Set<String> {
        if patterns[pattern] == nil {
            do throws(TopicPattern.Mistake) {
                patterns[pattern] = try TopicPattern(pattern)
            } catch {
                // From the log of a release that understood more: it names nothing here until the member tells another.
                return []
            }
        }
        guard let compiled = patterns[pattern] else { return [] }
        return Set(known.keys.filter { !TopicNameRules.isOwn($0) && compiled.matches($0) })
    }
}
