/// Properties of Java's clients in librdkafka's words.
package struct JavaProperties: Sendable, Equatable {
    package private(set) var properties = ClientProperties()
    /// Names that mean something to Java's clients only; they are left out.
    package private(set) var ignored: [String] = []

    /// - Throws: `.property` for what Java's clients understand, librdkafka does not, and a connection may need.
    package init(_ all: [ClientProperties.Property]) throws(KafkaClientError) {
        for property in all { try add(property.name, property.value) }
    }

    private mutating func add(_ name: String, _ value: String) throws(KafkaClientError) {
        switch name {
        case "sasl.jaas.config": try addLogin(value)
        case "ssl.truststore.location": properties.set("ssl.ca.location", value)
        case "ssl.truststore.certificates": properties.set("ssl.ca.pem", value)
        case "ssl.keystore.certificate.chain": properties.set("ssl.certificate.pem", value)
        case "ssl.keystore.key": properties.set("ssl.key.pem", value)
        case "ssl.truststore.type", "ssl.keystore.type":
            if value.uppercased() == "PEM" { return }
            if name == "ssl.keystore.type", value.uppercased() == "PKCS12" { return }
            throw KafkaClientError(
                .property, "\(name) is a kind of file that librdkafka cannot read.",
                remedy: "Export the certificates as PEM (`keytool -exportcert -rfc`) and set ssl.ca.location.")
        case "ssl.endpoint.identification.algorithm":
            properties.set(name, value.isEmpty ? "none" : value)
        case "buffer.memory", "max.block.ms", "max.poll.records", "fetch.max.wait.ms", "default.api.timeout.ms",
            "client.dns.lookup", "delivery.timeout.ms", "ssl.truststore.password", "exclude.internal.topics",
            "allow.auto.create.topics", "receive.buffer.bytes", "send.buffer.bytes":
            ignored.append(name)
        default:
            let isJavaOnly =
                ["key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "partitioner.class"]
                .contains(name)
                || ["metric", "interceptor.", "schema.registry.", "sasl.login."].contains { name.hasPrefix($0) }
            if isJavaOnly { ignored.append(name) } else { properties.set(name, value) }
        }
    }

    /// `org.apache.kafka.….PlainLoginModule required username="u" password="p";`
    private mutating func addLogin(_ text: String) throws(KafkaClientError) {
        guard let user = Self.field("username", in: text), let password = Self.field("password", in: text) else {
            throw KafkaClientError(
                .property, "sasl.jaas.config has no username and password.",
                remedy: "Only logins by name and password are understood; set librdkafka's sasl.* properties instead.")
        }
        properties.set("sasl.username", user)
        properties.set("sasl.password", password)
    }

    private static func field(_ name: String, in text: String) -> String? {
        guard let start = text.firstRange(of: name + "=") else { return nil }
        var rest = text[start.upperBound...]
        guard let quote = rest.popFirst(), quote == "\"" || quote == "'" else { return nil }
        var value = ""
        while let character = rest.popFirst() {
            if character == quote { return value }
            guard character == "\\", let escaped = rest.popFirst() else {
                value.append(character)
                continue
            }
            value.append(escaped)
        }
        return nil
    }
}
