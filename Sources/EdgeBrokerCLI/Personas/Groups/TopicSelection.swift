import ArgumentParser

/// A topic, or some of its partitions: `t` or `t:0,1`.
struct TopicSelection: Equatable, ExpressibleByArgument {
    let topic: String
    /// `nil`: all.
    let partitions: PartitionNumbers?

    init?(argument: String) {
        // A topic's name has no colon.
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let topic = parts.first, !topic.isEmpty, parts.count <= 2 else { return nil }
        self.topic = topic
        if parts.count == 1 {
            partitions = nil
        } else {
            guard let numbers = PartitionNumbers(argument: parts[1]) else { return nil }
            partitions = numbers
        }
    }
}
