import KafkaClient
import Testing

@Suite("A producer") struct KafkaProducerTests {
    @Test(
        "takes properties that do not go with idempotence, and does without it",
        arguments: [
            ("acks", "1"), ("acks", "0"), ("request.required.acks", "1"), ("retries", "0"),
            ("message.send.max.retries", "0"), ("max.in.flight", "6"),
            ("max.in.flight.requests.per.connection", "100"), ("queuing.strategy", "lifo"),
        ])
    func plain(_ name: String, _ value: String) throws {
        _ = try KafkaProducer(ClientProperties([.init(name, value)]), topic: "t")
    }

    @Test(
        "is idempotent with those that do",
        arguments: [
            [], [("acks", "all")], [("acks", "-1")], [("retries", "5"), ("max.in.flight", "5")],
            [("acks", "1"), ("request.required.acks", "all")],
        ])
    func idempotent(_ properties: [(String, String)]) {
        let all = ClientProperties(properties.map { ClientProperties.Property($0.0, $0.1) })
        #expect(KafkaProducer.isIdempotent(all))
    }

    @Test("says what does not go together when idempotence is asked for")
    func contradiction() {
        let error = #expect(throws: KafkaClientError.self) {
            _ = try KafkaProducer(
                ClientProperties([.init("enable.idempotence", "true"), .init("acks", "1")]), topic: "t")
        }
        #expect(error?.code == .property)
    }
}
