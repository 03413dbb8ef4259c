import KafkaClient

/// What `kafka-console-producer` was asked for.
struct ConsoleWriting: Equatable {
    let topic: String
    let format: LineFormat
    let client: ClientProperties
}
