import EdgeBroker
import RecordFormat
import Testing

@Suite("What Kafka's consumers tell each other")
struct ConsumerProtocolTests {
    private static let owned = [
        TopicPartition(topic: "orders", partition: 0), TopicPartition(topic: "orders", partition: 2),
        TopicPartition(topic: "stock", partition: 1),
    ]
    private static let partitionBytes = "0000000200066f7264657273000000020000000000000002000573746f636b0000000100000001"
    // From kafka-clients 4.3 (Tests/Interop/java/GroupBytes.java), version by version.
    private static let topicBytes = "0000000200066f7264657273000573746f636b" + "000000020102"
    private static let subscriptions = [
        "0000" + topicBytes, "0001" + topicBytes + partitionBytes, "0002" + topicBytes + partitionBytes + "00000007",
        "0003" + topicBytes + partitionBytes + "00000007" + "00027231",
    ]
    private static let bareSubscriptions = [
        "00000000000100066f7264657273ffffffff", "00010000000100066f7264657273ffffffff00000000",
        "00020000000100066f7264657273ffffffff00000000ffffffff",
        "00030000000100066f7264657273ffffffff00000000ffffffffffff",
    ]

    @Test("has Kafka's bytes for a subscription, in every version", arguments: 0...3)
    func subscription(version: Int) throws {
        var full = ConsumerSubscription(
            topics: ["orders", "stock"], userData: [1, 2], ownedPartitions: Self.owned, generation: 7)
        full.rackID = "r1"
        let bare = ConsumerSubscription(topics: ["orders"])
        let bytes = full.encoded(version: Int16(version))
        #expect(hex(bytes) == Self.subscriptions[version])
        #expect(hex(bare.encoded(version: Int16(version))) == Self.bareSubscriptions[version])
        if version < 1 { full.ownedPartitions = [] }
        if version < 2 { full.generation = -1 }
        if version < 3 { full.rackID = nil }
        #expect(ConsumerSubscription(decoding: bytes) == full)
        #expect(ConsumerSubscription(decoding: bare.encoded(version: Int16(version))) == bare)
        for count in 0..<bytes.count { #expect(ConsumerSubscription(decoding: Array(bytes[..<count])) == nil) }
    }

    @Test("has Kafka's bytes for an assignment", arguments: 0...3)
    func assignment(version: Int) throws {
        let full = ConsumerAssignment(Self.owned, userData: [9])
        let bytes = full.encoded(version: Int16(version))
        #expect(hex(bytes) == "000\(version)" + Self.partitionBytes + "0000000109")
        #expect(hex(ConsumerAssignment([]).encoded(version: Int16(version))) == "000\(version)00000000ffffffff")
        #expect(ConsumerAssignment(decoding: bytes) == full)
        for count in 1..<bytes.count { #expect(ConsumerAssignment(decoding: Array(bytes[..<count])) == nil) }
    }

    @Test("reads a later version as far as it knows it, and no bytes as no partitions")
    func later() {
        let bytes = [0, 9] + ConsumerSubscription(topics: ["a"], generation: 4).encoded().dropFirst(2) + [1, 2, 3]
        #expect(ConsumerSubscription(decoding: Array(bytes))?.generation == 4)
        #expect(ConsumerAssignment(decoding: []) == ConsumerAssignment([]))
        #expect(ConsumerSubscription(decoding: [0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0]) == nil)
        // More topics than there are bytes for.
        #expect(ConsumerSubscription(decoding: [0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0]) == nil)
    }

    @Test("is what a member told, whatever the assignor", arguments: Assignor.allCases)
    func members(assignor: Assignor) throws {
        let member = AssignedMember(
            memberID: "m", instanceID: "i", topics: ["orders", "stock"], ownedPartitions: Self.owned, generation: 7)
        let metadata = assignor.subscription(member).encoded()
        let told = try #require(assignor.member(JoinAnswer.Member(memberID: "m", instanceID: "i", metadata: metadata)))
        #expect(told.topics == member.topics && told.memberID == "m" && told.instanceID == "i")
        let keeps = assignor == .sticky || assignor == .cooperativeSticky
        #expect(told.ownedPartitions == (keeps ? Self.owned : []) && told.generation == (keeps ? 7 : -1))
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
