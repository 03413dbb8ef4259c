import LogStore
import RecordFormat
import Synchronization

/// How an open broker stands at one moment, as far as metrics tell.
struct MetricsSample: Sendable, Equatable {
    struct Partition: Sendable, Equatable {
        var number: Int32
        var logStart: Offset
        var highWatermark: Offset
        var logEnd: Offset
    }

    struct Topic: Sendable, Equatable {
        var name: String
        var priority: UInt8
        var bytes: Int
        var partitions: [Partition]
    }

    struct GroupOffset: Sendable, Equatable {
        var group: String
        var partition: TopicPartition
        var offset: Offset
        /// Records that the group has not committed; `nil` if the partition is not there.
        var lag: Int64?
    }

    var topics: [Topic] = []
    var groupOffsets: [GroupOffset] = []
    /// Of each group how many members it has; 0 for one that only keeps offsets.
    var groupMembers: [String: Int] = [:]
    var log = LogCounts()
    var fetches = 0
    var fetchedRecords = 0
    var usedBytes = 0
    /// Without a disk limit there is none.
    var budget: DiskBudget?
    /// Of the disk; `nil` if it does not tell.
    var freeBytes: Int64?
    var isFull = false
}

extension Broker {
    /// Looks at everything once. Blocking: it waits for the commit round that runs.
    func sample() -> MetricsSample {
        var sample = MetricsSample()
        var ends: [TopicPartition: Offset] = [:]
        for topic in catalogue.all {
            let watermarks = directory.highWatermarks(of: topic.partitions)
            let partitions = zip(topic.partitions, watermarks).map { partition, highWatermark in
                ends[partition.topicPartition] = highWatermark
                return MetricsSample.Partition(
                    number: partition.topicPartition.partition, logStart: partition.logStart,
                    highWatermark: highWatermark, logEnd: directory.logEnd(of: partition))
            }
            sample.topics.append(
                MetricsSample.Topic(
                    name: topic.name, priority: topic.keeping.disk.priority,
                    bytes: topic.partitions.reduce(0) { $0 + $1.sizeInBytes }, partitions: partitions))
        }
        for group in groupsWithOffsets {
            for (name, committed) in committedOffsets(of: group) {
                let lag = ends[name].map { max(0, $0.rawValue - committed.offset.rawValue) }
                sample.groupOffsets.append(
                    MetricsSample.GroupOffset(group: group, partition: name, offset: committed.offset, lag: lag))
            }
        }
        sample.groupMembers = groups.memberCounts
        sample.log = directory.counts
        (sample.fetches, sample.fetchedRecords) = counters.counted
        sample.usedBytes = directory.usedBytes
        (sample.budget, sample.isFull) = maintenance.state.withLock { ($0.budget, $0.isFull) }
        sample.freeBytes = try? disk.freeBytes(at: directory.configuration.path)
        return sample
    }
}
