import KafkaClient
import RecordFormat

extension ServedLog {
    func read(_ reading: Reading, into printer: RecordPrinter) async throws -> Bool {
        let client = client(for: reading)
        if let group = reading.group {
            let member = try await onOwnThread {
                try KafkaGroupReader(
                    client, group: group.group, topics: group.pattern.map { [$0] } ?? reading.topics.map(\.name),
                    startsAtEarliest: group.startsAtEarliest, isCommittedOnly: reading.isCommittedOnly)
            }
            return try await withTaskCancellationHandler {
                try await onOwnThread { try ServedGroupReading(member, reading, printer).run() }
            } onCancel: {
                member.interrupt()
            }
        }
        let reader = try await onOwnThread {
            try KafkaReader(client, isCommittedOnly: reading.isCommittedOnly)
        }
        return try await withTaskCancellationHandler {
            try await onOwnThread { try ServedReading(reader, reading, printer).run() }
        } onCancel: {
            reader.interrupt()
        }
    }

    private func client(for reading: Reading) -> ClientProperties {
        var own = ClientProperties()
        // A server says that there is no more only when it is tired of waiting for more. Whoever stops there has nothing to wait for.
        if reading.exitsAtEnd { own.set("fetch.wait.max.ms", "10") }
        // A pattern that takes in everything does not mean the broker's own topics, as with Kafka's tool.
        if reading.group?.pattern != nil { own.set("topic.blacklist", "^__.*") }
        return own.with(client)
    }
}
