package import RecordFormat

/// One thing that a repair does, or would do.
package struct RepairStep: Sendable, Equatable {
    package enum Action: String, Sendable {
        /// A file that can be had back from others is written anew.
        case rebuild
        /// A file is moved to the folder of what is set aside.
        case setAside = "set-aside"
        /// What is good of a damaged segment is written in its place.
        case replace
        /// It is noted that offsets are lost for good.
        case recordGap = "record-gap"
    }

    package let action: Action
    package let partition: TopicPartition?
    package let file: String
    /// The records concerned, where there are some.
    package let offsets: Range<Offset>?
    /// Why, or from what.
    package let reason: String
}

/// A step and how it is taken.
struct PlannedStep {
    let step: RepairStep
    /// On an error the step was not taken, or not wholly; a repair that is run again takes it again.
    let take: (any Disk) throws(DiskError) -> Void

    init(
        _ action: RepairStep.Action, _ file: String, of partition: TopicPartition? = nil,
        _ offsets: Range<Offset>? = nil, because reason: String, _ take: @escaping (any Disk) throws(DiskError) -> Void
    ) {
        step = RepairStep(action: action, partition: partition, file: file, offsets: offsets, reason: reason)
        self.take = take
    }
}
