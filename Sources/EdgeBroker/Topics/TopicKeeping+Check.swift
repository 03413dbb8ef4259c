extension TopicKeeping {
    /// What is out of its range, if something is: a topic is created with none.
    var firstMistake: String? {
        if let age = retention.age, age < .zero { return "retention.ms cannot be negative" }
        if let bytes = retention.bytes, bytes < 0 { return "retention.bytes cannot be negative" }
        if let bytes = segments.bytes, !Segments.byteRange.contains(bytes) {
            return "segment.bytes cannot be \(bytes)"
        }
        if segments.age < .milliseconds(1) { return "segment.ms must be 1 or more" }
        if !Segments.indexByteRange.contains(segments.indexBytes) {
            return "segment.index.bytes cannot be \(segments.indexBytes)"
        }
        if compaction.minimumLag < .zero { return "min.compaction.lag.ms cannot be negative" }
        if compaction.tombstones < .zero { return "delete.retention.ms cannot be negative" }
        if let most = compaction.maximumLag {
            if most < .milliseconds(1) { return "max.compaction.lag.ms must be 1 or more" }
            if most < compaction.minimumLag { return "max.compaction.lag.ms is below min.compaction.lag.ms" }
        }
        if !(0...1).contains(compaction.dirtyRatio) { return "min.cleanable.dirty.ratio is 0 to 1" }
        if !DiskShare.priorities.contains(disk.priority) { return "disk.priority is 0 to 9" }
        if disk.floorBytes < 0 { return "disk.floor.bytes cannot be negative" }
        return nil
    }
}

extension Duration {
    /// Rounded down; times too long to count are the longest that Kafka writes.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isLonger) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return isTooLong || isLonger ? (seconds < 0 ? .min : .max) : sum
    }
}
