import KafkaClient

/// What `kafka-console-consumer` was asked for.
struct ConsoleReading: Equatable {
    let topic: String
    let partition: Int32?
    let start: ConsumeStart
    let max: Int?
    /// How long nothing may come.
    let patience: Duration?
    let group: String?
    let layout: ConsoleLayout
    let isCommittedOnly: Bool
    let client: ClientProperties
}
