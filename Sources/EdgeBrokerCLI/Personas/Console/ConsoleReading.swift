import KafkaClient

/// What `kafka-console-consumer` was asked for.
struct ConsoleReading: Equatable {
    enum Topics: Equatable {
        case one(String)
        /// Without the broker's own.
        case matching(TopicPattern)
    }

    let topics: Topics
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
