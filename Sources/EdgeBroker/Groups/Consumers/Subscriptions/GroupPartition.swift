package import LogStore

/// A partition by its topic's id: a topic that is made anew under the same name is another one.
package struct GroupPartition: Sendable, Hashable {
    package var topic: Identifier
    package var number: Int32

    package init(topic: Identifier, _ number: Int32) {
        self.topic = topic
        self.number = number
    }

    /// In order, as messages and records list them.
    package static func byTopic(_ partitions: Set<GroupPartition>) -> [(topic: Identifier, numbers: [Int32])] {
        var numbers: [Identifier: [Int32]] = [:]
        for partition in partitions { numbers[partition.topic, default: []].append(partition.number) }
        return numbers.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.map {
            ($0.key, $0.value.sorted())
        }
    }
}
