import KafkaWire

/// What of Kafka's protocol is spoken: docs/kafka-compatibility.md is made from it.
package enum KafkaCompatibility {
    /// Every API that is answered, with its versions, in Markdown.
    package static var table: String { Answers.offered.table }
}
