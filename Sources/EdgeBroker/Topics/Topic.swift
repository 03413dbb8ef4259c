import LogStore

/// A topic that exists. A class, because every append looks one up, and a copy would count a reference for each part.
final class Topic: Sendable {
    let name: String
    let id: Identifier
    let writer: TopicWriter
    let keeping: TopicKeeping
    let messages: TopicMessages
    let partitions: [Partition]

    init(
        name: String, id: Identifier, writer: TopicWriter, keeping: TopicKeeping,
        messages: TopicMessages = TopicMessages(), partitions: [Partition]
    ) {
        self.name = name
        self.id = id
        self.writer = writer
        self.keeping = keeping
        self.messages = messages
        self.partitions = partitions
    }

    convenience init(_ name: String, _ record: CatalogueRecord, _ partitions: [Partition]) {
        self.init(
            name: name, id: record.topicID, writer: record.writer, keeping: record.keeping, messages: record.messages,
            partitions: partitions)
    }

    /// What the catalogue says of it.
    var record: CatalogueRecord {
        CatalogueRecord(
            topicID: id, partitionCount: Int32(partitions.count), writer: writer, keeping: keeping, messages: messages)
    }

    /// The replication slot whose capture writes this topic, if one does.
    var owner: String? {
        if case .capture(let slot) = writer { slot } else { nil }
    }

    var durability: Durability {
        if case .clients(let durability) = writer { durability } else { .synced }
    }

    var isInternal: Bool { TopicNameRules.isOwn(name) }

    var configuration: TopicConfiguration {
        TopicConfiguration(
            partitionCount: Int32(partitions.count), durability: durability, keeping: keeping, messages: messages)
    }

    /// What a topic of its kind begins with.
    var defaults: TopicConfiguration { TopicConfiguration(keeping: owner == nil ? TopicKeeping() : .captured) }
}

/// Who appends to a topic. Only what clients write may be less than synced: positions are taken from the rest.
package enum TopicWriter: Sendable, Equatable {
    case clients(Durability)
    /// The capture of this replication slot: captured tables and the source's transaction index.
    case capture(slot: String)
    /// The broker itself.
    case broker
}
