import RecordFormat
import Synchronization

/// What reading keeps of one segment: its open file, its indexes if it is closed, which of its bytes were checked, and where
/// earlier reads ended.
///
/// It belongs to one ``Segment`` value. A segment that is cut back, rewritten or compacted is a new value with a new access,
/// so nothing here can outlive the bytes that it is about.
final class SegmentAccess: Sendable {
    /// A boundary between two batches.
    struct Boundary: Sendable, Equatable {
        let position: Int
        /// Base offset of the batch that begins there.
        let offset: Offset
    }

    private struct State {
        var file: (any DiskFile)?
        var indexes: SegmentIndexes?
        /// What the seal says of the indexes, once it was read.
        var sealed: SegmentSeal.Indexes??
        var checked: ByteRanges
        /// Newest last, at most ``SegmentAccess/mostEnds``.
        var ends: [Boundary] = []
    }

    /// As many readers as find their place again without the index. Others only read a few KiB more.
    private static let mostEnds = 8

    private let state: Mutex<State>
    private let used = Atomic<UInt64>(0)

    /// - Parameter size: the segment's bytes as they were found. What this process adds to them needs no check.
    init(foundWith size: Int) { state = Mutex(State(checked: ByteRanges(size..<Int.max))) }

    // MARK: The open file

    /// When the file was last asked for, in calls.
    var lastUse: UInt64 { used.load(ordering: .relaxed) }

    func file(at now: UInt64) -> (any DiskFile)? {
        used.store(now, ordering: .relaxed)
        return state.withLock { $0.file }
    }

    func keep(_ file: any DiskFile) { state.withLock { $0.file = file } }

    /// The file closes once nobody uses it any more, and the indexes are loaded again when they are needed.
    func letGo() {
        state.withLock { state in
            state.file = nil
            state.indexes = nil
        }
    }

    // MARK: The indexes of a closed segment

    /// What `body` finds in the indexes; `nil` if they are not loaded.
    func withIndexes<Result: Sendable>(_ body: (SegmentIndexes) -> Result) -> Result? {
        state.withLock { state in state.indexes.map(body) }
    }

    func keep(_ indexes: SegmentIndexes) { state.withLock { $0.indexes = indexes } }

    /// `nil` until ``noteSealed(_:)``; then what the seal says, which may be nothing.
    var sealed: SegmentSeal.Indexes?? { state.withLock { $0.sealed } }

    func noteSealed(_ indexes: SegmentSeal.Indexes?) { state.withLock { $0.sealed = .some(indexes) } }

    // MARK: What is known of the bytes

    /// Where the bytes end, from `position` on, whose checksums were right.
    func checkedEnd(from position: Int) -> Int? { state.withLock { $0.checked.end(of: position) } }

    func noteChecked(_ bytes: Range<Int>) { state.withLock { $0.checked.insert(bytes) } }

    /// Where a read that ended before `offset` ended.
    func end(at offset: Offset) -> Boundary? { state.withLock { state in state.ends.last { $0.offset == offset } } }

    /// - Parameter begun: where the read began; nobody will look for that place again.
    func noteEnd(_ end: Boundary, begun: Offset) {
        state.withLock { state in
            state.ends.removeAll { $0.offset == begun || $0.offset == end.offset }
            if state.ends.count == Self.mostEnds { state.ends.removeFirst() }
            state.ends.append(end)
        }
    }
}
