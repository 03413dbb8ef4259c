import EdgeBroker
import Testing

@Suite("A topic's name")
struct TopicNameRulesTests {
    @Test(
        "is refused when it could be a path, a control character or too long",
        arguments: [
            "", ".", "..", "a/b", "../a", "a b", "a\u{0}", "a\nb", "작업지시", "ä", String(repeating: "a", count: 250),
            "__consumer_offsets", "__transactions.mes",
        ])
    func refused(name: String) async throws {
        try await TemporaryBroker.with { broker in
            let error = await #expect(throws: BrokerError.self) { try await broker.admin.createTopic(name) }
            #expect(error?.code == .invalidTopicName)
            #expect(error?.description.contains("\n") == false)
        }
    }

    @Test("may be 249 bytes of letters, digits, dots, lines and dashes")
    func accepted() async throws {
        try await TemporaryBroker.with { broker in
            for name in ["a", "A-b_c.9", "...", String(repeating: "z", count: 249)] {
                try await broker.admin.createTopic(name)
            }
            #expect(broker.admin.topics().count == 4)
        }
    }
}
