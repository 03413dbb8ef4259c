import ArgumentParser
import RecordFormat

/// What `--topic-partitions` of `kafka-get-offsets` takes: patterns with commas, each `TOPIC`, `TOPIC:PARTITIONS` or `:PARTITIONS`. The topic
/// is a regular expression for the whole name; the partitions are a number, `FROM-END` with the end excluded, `FROM-`, or `-END`.
struct PartitionPatterns: Equatable, ExpressibleByArgument {
    private struct Rule: Equatable {
        /// `nil`: every topic.
        let topic: TopicPattern?
        let partitions: Range<Int32>

        init?(_ text: Substring) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let name = parts.first else { return nil }
            if name.isEmpty {
                topic = nil
            } else {
                guard let pattern = TopicPattern(argument: String(name)) else { return nil }
                topic = pattern
            }
            guard parts.count == 2, let numbers = parts.last, !numbers.isEmpty else {
                partitions = 0..<Int32.max
                return
            }
            let ends = numbers.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends.first, let last = ends.last else { return nil }
            guard let from = first.isEmpty ? 0 : Int32(first), from >= 0, from < Int32.max else { return nil }
            guard ends.count == 2 else {
                partitions = from..<from + 1
                return
            }
            guard let end = last.isEmpty ? Int32.max : Int32(last), end >= from else { return nil }
            partitions = from..<end
        }
    }

    private let rules: [Rule]

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false)
        rules = words.compactMap { Rule($0) }
        if rules.count != words.count { return nil }
    }

    /// - Returns: those that any of the patterns names, in their order.
    func matching(_ all: [TopicPartition]) throws -> [TopicPartition] {
        var found: Set<TopicPartition> = []
        for rule in rules {
            let named = try rule.topic?.matching(all, name: \.topic) ?? all
            found.formUnion(named.filter { rule.partitions.contains($0.partition) })
        }
        return all.filter(found.contains)
    }
}
