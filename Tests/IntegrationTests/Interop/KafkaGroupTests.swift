import EdgeBroker
import EdgeBrokerTesting
import Foundation
import RecordFormat
import Testing

@Suite("Kafka's own classes and our groups", .enabled(if: KafkaJava.isThere, KafkaJava.missing))
struct KafkaGroupTests {
    @Test("make the same bytes of what groups exchange and keep")
    func bytes() throws {
        var lines: [String: String] = [:]
        for line in try KafkaJava.run(["GroupBytes"]).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { lines[String(words[0])] = String(words[1]) }
        }
        let owned = [
            TopicPartition(topic: "orders", partition: 0), TopicPartition(topic: "orders", partition: 2),
            TopicPartition(topic: "stock", partition: 1),
        ]
        for version in Int16(0)...3 {
            var full = ConsumerSubscription(
                topics: ["orders", "stock"], userData: [1, 2], ownedPartitions: owned, generation: 7)
            full.rackID = "r1"
            #expect(lines["subscription-full-\(version)"] == hex(full.encoded(version: version)))
            let bare = ConsumerSubscription(topics: ["orders"])
            #expect(lines["subscription-bare-\(version)"] == hex(bare.encoded(version: version)))
            let assignment = ConsumerAssignment(owned, userData: [9])
            #expect(lines["assignment-full-\(version)"] == hex(assignment.encoded(version: version)))
            #expect(lines["assignment-bare-\(version)"] == hex(ConsumerAssignment([]).encoded(version: version)))
        }
        let stable = GroupMetadata(
            protocolType: "consumer", generation: 3, protocolName: "range", leader: "m-1",
            time: Timestamp(millisecondsSince1970: 258),
            members: [
                GroupMetadata.Member(
                    memberID: "m-1", instanceID: nil, clientID: "c", clientHost: "/127.0.0.1",
                    rebalanceTimeout: 300_000,
                    sessionTimeout: 45_000, subscription: [1, 2], assignment: [3]),
                GroupMetadata.Member(
                    memberID: "s-2", instanceID: "s", clientID: "", clientHost: "h", rebalanceTimeout: -1,
                    sessionTimeout: 6000, subscription: [], assignment: []),
            ])
        let empty = GroupMetadata(protocolType: "consumer", generation: 4, protocolName: nil, leader: nil, members: [])
        for (name, metadata) in [("group-stable", stable), ("group-empty", empty)] {
            let record = GroupMetadataRecord(group: "mes", metadata: metadata)
            #expect(lines["group-key"] == hex(record.key) && lines[name] == record.value.map(hex))
        }
    }

    @Test("divide partitions by range and in turn exactly as we do")
    func assignors() throws {
        let folder = NSTemporaryDirectory() + "edgebroker-assignors-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var random = SeededGenerator(seed: 5)
        var cases: [String] = []
        var ours: [String] = []
        for number in 0..<2000 {
            let assignor: Assignor = number % 2 == 0 ? .range : .roundRobin
            let counts = Dictionary(
                uniqueKeysWithValues: (0..<random.within(1...5)).map { ("t\($0)", Int32(random.within(0...12))) })
            let members = (0..<random.within(1...8)).map { place in
                // "gone" exists for nobody, so that no list is empty.
                AssignedMember(
                    memberID: "m\(random.below(100))-\(place)",
                    instanceID: random.chance(300) ? "i\(random.below(50))-\(place)" : nil,
                    topics: counts.keys.sorted().filter { _ in random.chance(700) } + ["gone"])
            }
            cases.append(
                ([assignor.rawValue] + counts.map { "\($0.key)=\($0.value)" }
                    + members.map { "\($0.memberID)/\($0.instanceID ?? "")/\($0.topics.joined(separator: ","))" })
                    .joined(separator: " "))
            let assigned = assignor.assign(members, counts)
            ours.append(
                assigned.sorted { $0.key < $1.key }.map { member, partitions in
                    let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
                    return "\(member):\(sorted.map(\.description).joined(separator: ","))"
                }.joined(separator: " "))
        }
        try Data((cases.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/cases"))
        let theirs = try KafkaJava.run(["AssignGroups", folder + "/cases"]).split(separator: "\n").map(String.init)
        #expect(theirs.count == ours.count)
        for (number, (one, other)) in zip(theirs, ours).enumerated() { #expect(one == other, "\(cases[number])") }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
