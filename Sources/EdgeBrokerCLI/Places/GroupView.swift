import RecordFormat

/// A consumer group as a command shows it.
struct GroupView: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        let memberID: String
        let instanceID: String?
        let clientID: String
        let host: String
        let partitions: [TopicPartition]
    }

    let name: String
    /// In Kafka's words; `nil`: the place does not tell.
    let state: String?
    /// In Kafka's words, by the protocol that its members speak; `nil`: the place does not tell.
    var type: String?
    /// `nil`: the place does not tell.
    var generation: Int32?
    /// Empty if it has none.
    let assignor: String
    /// `nil`: the place does not tell.
    let members: [Member]?
    /// The server that looks after it, as `host:port (number)`; `nil` in a folder.
    var coordinator: String?
}
