import KafkaClient
import Testing

@Suite("A connection to a Kafka server") struct KafkaAdministratorTests {
    @Test("is refused with the property's name, never with its value")
    func properties() {
        for (name, value) in [("sasl.pasword", "hunter2"), ("security.protocol", "hunter2")] {
            let error = #expect(throws: KafkaClientError.self) {
                _ = try KafkaAdministrator(ClientProperties([.init(name, value)]))
            }
            #expect(error?.code == .property && error?.message.contains(name) == true)
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test("says who does not answer, and why")
    func unreachable() {
        // A port of this machine that nobody may listen on.
        let error = #expect(throws: KafkaClientError.self) {
            _ = try KafkaAdministrator(ClientProperties([.init("bootstrap.servers", "127.0.0.1:1")])).topics()
        }
        #expect(error?.code == .unreachable && error?.message.contains("127.0.0.1:1") == true)
        #expect(error?.message.contains("Connection refused") == true)
    }

    @Test("gives up a wait when it is interrupted")
    func interrupted() throws {
        let administrator = try KafkaAdministrator(ClientProperties([.init("bootstrap.servers", "127.0.0.1:1")]))
        administrator.interrupt()
        let error = #expect(throws: KafkaClientError.self) { _ = try administrator.topics() }
        #expect(error?.code == .cancelled)
    }
}
