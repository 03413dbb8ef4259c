/// How often a simulated disk fails, in calls out of a thousand. Zero is a disk that never does.
package struct DiskFaults: Sendable {
    /// `EIO` on a write, after some of its bytes.
    package var writes = 0
    /// `EIO` on a sync. Half of the time the kernel has dropped what it could not write, and says so only once.
    package var syncs = 0
    /// `EIO` on a read.
    package var reads = 0
    /// `EIO` on create, rename, remove and the sync of a folder.
    package var names = 0
    /// `ENOSPC` or `EDQUOT` on any call that changes something, a sync among them.
    package var noSpace = 0
    /// Writes that take only a part. No fault, but seldom met.
    package var shortWrites = 0

    package init() {}

    package static let none = DiskFaults()
}

/// A call that changes something: where power can be lost.
package struct DiskOperation: Sendable, Equatable {
    package enum Kind: Int, Sendable, Hashable, CaseIterable {
        case createDirectory, createFile, rename, remove, syncDirectory, write, truncate, preallocate, sync
    }

    package let kind: Kind
    package let path: String
    /// The how many-th of this life, from 1.
    package let number: Int
}
