import Synchronization

/// The closed segments whose files are kept open: few, because a log may have thousands, and the ones last read, because a
/// reader comes back for the next megabyte.
final class OpenSegments: Sendable {
    /// Descriptors. Well below the usual limit of 1,024, which the partitions' own files need.
    static let most = 64

    private struct Weak {
        weak var access: SegmentAccess?
    }

    private let opened = Mutex<[Weak]>([])
    private let clock = Atomic<UInt64>(0)

    /// The segment's file, opened now if it is not.
    func file(of path: String, _ access: SegmentAccess, on disk: any Disk) throws(DiskError) -> any DiskFile {
        let now = clock.wrappingAdd(1, ordering: .relaxed).newValue
        if let file = access.file(at: now) { return file }
        let file = try disk.open(path, .read)
        access.keep(file)
        let evicted = opened.withLock { opened -> SegmentAccess? in
            // Those that are gone, and this one, if two readers came at once.
            opened.removeAll { $0.access == nil || $0.access === access }
            opened.append(Weak(access: access))
            guard opened.count > Self.most else { return nil }
            let oldest = opened.indices.min { (opened[$0].access?.lastUse ?? 0) < (opened[$1].access?.lastUse ?? 0) }
            return oldest.flatMap { opened.remove(at: $0).access }
        }
        evicted?.letGo()
        return file
    }
}
