package import RecordFormat

/// Something that maintenance did or met.
package enum MaintenanceEvent: Sendable {
    /// Records went by age, by size, or because no flow needs that part of an index any more.
    case deleted(TopicPartition, below: Offset)
    /// Records were lost; what is behind it is recorded in `__gaps`.
    case gap(GapRecord)
    /// Appends are refused from now on, with this reason.
    case full(String)
    /// Appends are taken again.
    case roomAgain
    /// Something is put off until the next pass.
    case failed(String, BrokerError)
}
