package import EdgeBroker
package import RecordFormat

/// The ranges of offsets that one index record names: per topic one, unless somebody else's records lie between.
package struct RangeList: Sendable {
    package private(set) var ranges: [TopicRange] = []
    /// Where a topic's last range stands.
    private var last: [String: Int] = [:]

    package init() {}

    package var isEmpty: Bool { ranges.isEmpty }

    package mutating func append(_ offsets: Range<Offset>, of topic: String) {
        if let index = last[topic], ranges[index].end == offsets.lowerBound {
            ranges[index] = TopicRange(topic: topic, partition: 0, start: ranges[index].start, end: offsets.upperBound)
            return
        }
        last[topic] = ranges.count
        ranges.append(TopicRange(topic: topic, partition: 0, start: offsets.lowerBound, end: offsets.upperBound))
    }

    /// What was gathered, to begin anew.
    package mutating func take() -> [TopicRange] {
        defer {
            ranges = []
            last.removeAll(keepingCapacity: true)
        }
        return ranges
    }
}
