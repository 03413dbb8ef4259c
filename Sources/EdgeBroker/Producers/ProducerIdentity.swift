/// Who writes with sequence numbers: an id, and an epoch that grows with each instance. Of two with the same id the one with the
/// larger epoch has taken over.
package struct ProducerIdentity: Sendable, Hashable {
    package var id: Int64
    package var epoch: Int16

    package init(id: Int64, epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }

    /// No epoch above it is given out, so that a fence can still be put above it: then comes a new id.
    static let lastEpoch = Int16.max - 1

    /// Stands in records and markers to fence the last epoch; nobody is let in by it.
    var isFence: Bool { epoch > Self.lastEpoch }
}
