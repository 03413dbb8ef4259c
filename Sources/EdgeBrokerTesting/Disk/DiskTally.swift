/// What a simulated disk has done to whoever used it, so that a run without faults is seen to have had none.
package struct DiskTally: Sendable, Equatable {
    /// `EIO`, by the call.
    package var failedWrites = 0
    package var failedSyncs = 0
    package var failedReads = 0
    package var failedNames = 0
    /// Of the failed syncs, those after which the kernel has forgotten what it could not write.
    package var lostSyncs = 0
    /// `ENOSPC` and `EDQUOT`.
    package var fullDisks = 0
    package var shortWrites = 0
    /// What the power cut before has left of files and names: files that lost something, and changes of names that were lost.
    package var tornFiles = 0
    package var droppedNames = 0

    package init() {}
}
