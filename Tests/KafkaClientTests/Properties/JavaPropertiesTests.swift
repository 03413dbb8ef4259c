import KafkaClient
import Testing

@Suite("Properties of Java's clients") struct JavaPropertiesTests {
    private func translated(_ name: String, _ value: String) throws -> [ClientProperties.Property] {
        try JavaProperties([ClientProperties.Property(name, value)]).properties.all
    }

    @Test("are said in librdkafka's words")
    func translates() throws {
        let login =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p\\\"q\";"
        #expect(
            try translated("sasl.jaas.config", login) == [
                .init("sasl.username", "u"), .init("sasl.password", "p\"q"),
            ])
        #expect(try translated("ssl.truststore.location", "/ca.pem") == [.init("ssl.ca.location", "/ca.pem")])
        #expect(
            try translated("ssl.endpoint.identification.algorithm", "") == [
                .init("ssl.endpoint.identification.algorithm", "none")
            ])
        #expect(try translated("security.protocol", "SASL_SSL") == [.init("security.protocol", "SASL_SSL")])
    }

    @Test("that mean something to Java only are left out and named")
    func ignores() throws {
        let java = try JavaProperties([
            .init("key.serializer", "x"), .init("metrics.recording.level", "INFO"), .init("client.id", "a"),
        ])
        #expect(java.properties == ClientProperties([.init("client.id", "a")]))
        #expect(java.ignored == ["key.serializer", "metrics.recording.level"])
    }

    @Test(
        "that cannot be followed are refused without their value",
        arguments: ["sasl.jaas.config", "ssl.truststore.type"])
    func refuses(_ name: String) {
        let error = #expect(throws: KafkaClientError.self) { try translated(name, "secret=hunter2") }
        #expect(error?.code == .property && error?.description.contains(name) == true)
        #expect(error?.description.contains("hunter2") == false)
    }
}
