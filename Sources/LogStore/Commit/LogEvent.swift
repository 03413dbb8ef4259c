/// Something that whoever runs the log should hear of. The library itself does not log.
package enum LogEvent: Sendable {
    /// A partition takes no appends until it is open again.
    case closed(Partition, LogStoreError)
    case opened(Partition)
    /// The durable marks could not be written; they are tried again. Until then recovery would read more.
    case marksPostponed(DiskError)
    /// The disk is full: the room that was kept back is given to the broker's own topics. The reserve is filled again once
    /// there is room.
    case reserveReleased
    /// The folders of deleted partitions could not be taken out yet; it is tried again.
    case deletionPostponed(DiskError)
    /// Files of deleted records could not be removed; the next deletion or start removes them.
    case leftBehind(Partition, DiskError)
}
