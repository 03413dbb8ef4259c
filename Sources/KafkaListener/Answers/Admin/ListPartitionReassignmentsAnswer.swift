import KafkaWire

/// With one broker nothing moves.
enum ListPartitionReassignmentsAnswer: Answering {
    typealias API = ListPartitionReassignments

    static func answer(_ request: ListPartitionReassignments.Request, _ exchange: Exchange<ListPartitionReassignments>)
    {
        exchange.respond { _ in }
    }
}
