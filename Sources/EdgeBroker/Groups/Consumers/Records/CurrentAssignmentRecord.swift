/// The value of the record of what a member has.
///
/// | size | field           | meaning                                                                                |
/// |-----:|:----------------|:---------------------------------------------------------------------------------------|
/// |    4 | `epoch`         | the member's; -2: a static member that is away                                         |
/// |    4 | `previousEpoch` | the one that it may still come with, because the answer with `epoch` may have been lost |
/// |    1 | `state`         | ``MemberState``                                                                        |
/// |    – | `assigned`      | ``PartitionList``                                                                      |
/// |    – | `revoking`      | ``PartitionList``: what it was told to give up and may still have                      |
package struct CurrentAssignmentRecord: Sendable, Equatable, ConsumerGroupValue {
    package var epoch: Int32
    package var previousEpoch: Int32
    package var state: MemberState
    package var assigned: Set<GroupPartition>
    package var revoking: Set<GroupPartition>

    package init(
        epoch: Int32, previousEpoch: Int32, state: MemberState, assigned: Set<GroupPartition>,
        revoking: Set<GroupPartition>
    ) {
        self.epoch = epoch
        self.previousEpoch = previousEpoch
        self.state = state
        self.assigned = assigned
        self.revoking = revoking
    }

    func write(to writer: inout BinaryWriter) {
        writer.append(epoch)
        writer.append(previousEpoch)
        writer.append(state.rawValue)
        PartitionList.write(assigned, to: &writer)
        PartitionList.write(revoking, to: &writer)
    }

    init?(from reader: inout BinaryReader) {
        epoch = reader.next()
        previousEpoch = reader.next()
        guard let state = MemberState(rawValue: reader.next()), let assigned = PartitionList.read(from: &reader),
            let revoking = PartitionList.read(from: &reader), epoch >= ConsumerHeartbeat.pauses, previousEpoch >= -1
        else { return nil }
        self.state = state
        self.assigned = assigned
        self.revoking = revoking
    }
}

/// Where a member stands on its way to what it is to have. The numbers are Kafka's.
package enum MemberState: Int8, Sendable, Equatable {
    /// It has what it is to have.
    case stable = 0
    /// It is to give up partitions before it goes on to the next epoch.
    case unrevoked = 1
    /// It waits for partitions that others have not given up yet.
    case unreleased = 2
}
