import EdgeBroker
import EdgeBrokerTesting
import RecordFormat
import Testing

@Suite("An assignor")
struct AssignorTests {
    private static func names(_ partitions: [TopicPartition]?) -> String {
        (partitions ?? []).map(\.description).joined(separator: " ")
    }

    @Test("of ranges gives neighbours, one more to the first, static members first")
    func range() {
        let members = [
            AssignedMember(memberID: "m2", topics: ["a", "b"]), AssignedMember(memberID: "m1", topics: ["a"]),
            AssignedMember(memberID: "m9", instanceID: "z", topics: ["a", "none"]),
        ]
        let assigned = Assignor.range.assign(members, ["a": 7, "b": 2, "unread": 1])
        #expect(Self.names(assigned["m9"]) == "a-0 a-1 a-2")
        #expect(Self.names(assigned["m1"]) == "a-3 a-4")
        #expect(Self.names(assigned["m2"]) == "a-5 a-6 b-0 b-1")
    }

    @Test("of turns passes over members that are not subscribed")
    func roundRobin() {
        let members = [
            AssignedMember(memberID: "m1", topics: ["a", "b"]), AssignedMember(memberID: "m2", topics: ["b"]),
        ]
        let assigned = Assignor.roundRobin.assign(members, ["a": 3, "b": 3])
        #expect(Self.names(assigned["m1"]) == "a-0 a-1 a-2 b-1")
        #expect(Self.names(assigned["m2"]) == "b-0 b-2")
    }

    /// Members with random subscriptions, and what each has from an earlier assignment.
    private struct RandomGroup {
        var counts: [String: Int32] = [:]
        var members: [AssignedMember] = []
        var random: SeededGenerator
        private var added = 0

        init(seed: UInt64, isUniform: Bool) {
            random = SeededGenerator(seed: seed)
            for topic in 0..<random.within(1...4) { counts["t\(topic)"] = Int32(random.within(0...9)) }
            for _ in 0..<random.within(1...6) { add(isUniform) }
        }

        mutating func add(_ isUniform: Bool) {
            added += 1
            let topics = counts.keys.sorted().filter { _ in isUniform || random.chance(600) }
            members.append(AssignedMember(memberID: "m\(random.below(1000))-\(added)", topics: topics))
        }

        mutating func take(_ assigned: [String: [TopicPartition]], _ generation: Int32) {
            for place in members.indices {
                members[place].ownedPartitions = assigned[members[place].memberID] ?? []
                members[place].generation = generation
            }
        }
    }

    /// Every partition that somebody wants is somebody's who wants it, once.
    private static func check(_ assigned: [String: [TopicPartition]], _ group: RandomGroup, isWhole: Bool = true) {
        var seen: Set<TopicPartition> = []
        for member in group.members {
            for partition in assigned[member.memberID] ?? [] {
                #expect(member.topics.contains(partition.topic) && seen.insert(partition).inserted)
            }
        }
        let wanted = Set(group.members.flatMap(\.topics)).reduce(0) { $0 + Int(group.counts[$1] ?? 0) }
        if isWhole { #expect(seen.count == wanted) }
        #expect(assigned.count == group.members.count)
    }

    @Test(
        "gives every partition that is wanted, once",
        arguments: [Assignor.range, .roundRobin, .sticky, .cooperativeSticky])
    func whole(assignor: Assignor) {
        for seed in 0..<300 {
            let group = RandomGroup(seed: UInt64(seed), isUniform: seed % 2 == 0)
            Self.check(assignor.assign(group.members, group.counts), group)
        }
    }

    @Test("that sticks is as even as subscriptions allow: nobody could take one from a member with two more")
    func even() {
        for seed in 0..<500 {
            var group = RandomGroup(seed: UInt64(seed), isUniform: false)
            for generation in 0..<4 {
                let assigned = Assignor.sticky.assign(group.members, group.counts)
                Self.check(assigned, group)
                for poor in group.members {
                    for rich in group.members {
                        let (less, more) = (assigned[poor.memberID] ?? [], assigned[rich.memberID] ?? [])
                        if more.count < less.count + 2 { continue }
                        #expect(!more.contains { poor.topics.contains($0.topic) }, "seed \(seed)")
                    }
                }
                group.take(assigned, Int32(generation))
                if group.random.chance(500) || group.members.count == 1 {
                    group.add(false)
                } else {
                    group.members.removeLast()
                }
            }
        }
    }

    @Test(
        "that sticks moves no more than evenness asks: a member that comes takes its share, one that goes leaves the rest alone"
    )
    func minimal() {
        for seed in 0..<500 {
            var group = RandomGroup(seed: UInt64(seed), isUniform: true)
            group.take(Assignor.sticky.assign(group.members, group.counts), 1)
            #expect(Assignor.sticky.assign(group.members, group.counts) == owned(group))
            let total = group.members.reduce(0) { $0 + $1.ownedPartitions.count }
            group.add(true)
            let grown = Assignor.sticky.assign(group.members, group.counts)
            for member in group.members.dropLast() {
                #expect(Set(grown[member.memberID] ?? []).isSubset(of: member.ownedPartitions))
            }
            let share = total / group.members.count
            let got = grown[group.members.last?.memberID ?? ""]?.count
            #expect(got == share, "seed \(seed)")
            group.take(grown, 2)
            group.members.remove(at: 0)
            if group.members.isEmpty { continue }
            let shrunk = Assignor.sticky.assign(group.members, group.counts)
            for member in group.members {
                #expect(Set(shrunk[member.memberID] ?? []).isSuperset(of: member.ownedPartitions), "seed \(seed)")
            }
        }
    }

    private func owned(_ group: RandomGroup) -> [String: [TopicPartition]] {
        Dictionary(uniqueKeysWithValues: group.members.map { ($0.memberID, $0.ownedPartitions) })
    }

    @Test("believes the newest of several that claim a partition, and none of the same generation")
    func claims() {
        let partition = TopicPartition(topic: "a", partition: 0)
        func member(_ id: String, _ generation: Int32) -> AssignedMember {
            AssignedMember(memberID: id, topics: ["a"], ownedPartitions: [partition], generation: generation)
        }
        #expect(Assignor.sticky.assign([member("x", 4), member("y", 5)], ["a": 1])["y"] == [partition])
        #expect(Assignor.sticky.assign([member("y", 5), member("x", 4)], ["a": 1])["y"] == [partition])
        let disputed = Assignor.cooperativeSticky.assign([member("x", 5), member("y", 5)], ["a": 1])
        #expect(disputed == ["x": [], "y": []])
    }

    @Test("that cooperates needs two rebalances, and no partition ever has two owners")
    func cooperates() {
        for seed in 0..<500 {
            var group = RandomGroup(seed: UInt64(seed), isUniform: seed % 2 == 0)
            for step in 0..<6 {
                var rounds = 0
                while true {
                    let assigned = Assignor.cooperativeSticky.assign(group.members, group.counts)
                    Self.check(assigned, group, isWhole: false)
                    // Whoever has a partition has it until he gives it up; so it is nobody else's now.
                    for member in group.members {
                        for other in group.members where other.memberID != member.memberID {
                            #expect(Set(assigned[other.memberID] ?? []).isDisjoint(with: member.ownedPartitions))
                        }
                    }
                    let gaveUp = group.members.contains { member in
                        !Set(member.ownedPartitions).isSubset(of: assigned[member.memberID] ?? [])
                    }
                    group.take(assigned, Int32(step))
                    if !gaveUp { break }
                    rounds += 1
                    if rounds > 1 { break }
                }
                #expect(rounds <= 1, "seed \(seed)")
                Self.check(owned(group), group)
                if group.random.chance(500) || group.members.count == 1 {
                    group.add(seed % 2 == 0)
                } else {
                    group.members.removeFirst()
                }
            }
        }
    }
}
