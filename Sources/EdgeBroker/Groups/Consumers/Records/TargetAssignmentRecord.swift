/// The value of the record of what a member is to have in the end: ``PartitionList`` alone.
package struct TargetAssignmentRecord: Sendable, Equatable, ConsumerGroupValue {
    package var partitions: Set<GroupPartition>

    package init(_ partitions: Set<GroupPartition>) { self.partitions = partitions }

    func write(to writer: inout BinaryWriter) { PartitionList.write(partitions, to: &writer) }

    init?(from reader: inout BinaryReader) {
        guard let partitions = PartitionList.read(from: &reader) else { return nil }
        self.partitions = partitions
    }
}
