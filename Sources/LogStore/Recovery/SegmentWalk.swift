import RecordFormat

/// Reads a segment's batches one after the other and goes on behind those that are not good, so that what is lost is known
/// exactly.
struct SegmentWalk {
    /// What lies between two good batches, or behind the last one.
    struct Hole: Sendable, Equatable {
        let offsets: Range<Offset>
        /// Of the file; empty where the file ends too early.
        let bytes: Range<Int>
        let cause: String
    }

    private(set) var holes: [Hole] = []
    /// Behind the last good batch. Checksum and fingerprint are right only if there are no holes.
    private(set) var end: LogPosition
    /// What is wrong with the bytes behind ``end``, if there are any.
    private(set) var failure: String?
    /// CRC-32C of the bytes up to the place that was asked for, if a batch ends there and there is no hole before.
    private(set) var checksum: UInt32?

    private let limit: Int
    private let floor: LogPosition?
    private let checked: Int?
    private let next: Offset
    private var scanner: BatchScanner

    /// - Parameters:
    ///   - size: how much of the file is looked at.
    ///   - next: the offset after the last record, or ``Offset/unknownEnd``.
    ///   - floor: a place where a batch ended for certain. At and above it nothing behind a bad batch is looked at.
    ///   - checked: where ``checksum`` is taken.
    init(
        _ file: any DiskFile, base: Offset, size: Int, next: Offset, floor: LogPosition? = nil, checked: Int? = nil
    ) {
        end = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        limit = size
        self.floor = floor
        self.checked = checked
        self.next = next
        checksum = checked == 0 ? 0 : nil
        scanner = BatchScanner(file, from: 0, to: size, expecting: base, countsChecksum: false)
    }

    /// Walks to the end.
    /// - Parameter visit: called with each good batch, in order.
    mutating func run(
        _ visit: (BatchScanner.Good, UnsafeRawBufferPointer) -> Void = { _, _ in }
    ) throws(DiskError) {
        while true {
            switch try scanner.next() {
            case .end: return
            case .good(let good):
                scanner.withBytes(of: good) { bytes in
                    end.pass(good.header, bytes)
                    visit(good, bytes)
                }
                if end.size == checked, holes.isEmpty { checksum = end.checksum }
            case .bad(let reason):
                guard try goOn(below: next) else {
                    failure = reason
                    return
                }
                holes.append(
                    Hole(
                        offsets: end.nextOffset..<scanner.expected, bytes: end.size..<scanner.position, cause: reason))
                end.size = scanner.position
                end.nextOffset = scanner.expected
            }
        }
    }

    /// Goes behind a bad batch.
    private mutating func goOn(below next: Offset) throws(DiskError) -> Bool {
        guard let floor, floor.size <= limit else { return try scanner.resynchronise(below: next) }
        if end.size > floor.size || end.size == floor.size && end.nextOffset >= floor.nextOffset { return false }
        if end.size < floor.size, try scanner.resynchronise(below: floor.nextOffset, upTo: floor.size) { return true }
        // What seems to lie across the floor, or to end there with another offset, is none of ours.
        scanner.move(to: floor.size, expecting: floor.nextOffset)
        return true
    }

    /// The holes, and what is missing at the end.
    /// - Parameter cause: why the walk ended too early, if the bytes themselves do not say so.
    func holes(upTo next: Offset, cause: String) -> [Hole] {
        if end.nextOffset >= next { return holes }
        return holes + [
            Hole(
                offsets: end.nextOffset..<next, bytes: end.size..<max(end.size, limit), cause: failure ?? cause)
        ]
    }

    /// Whether every byte belongs to a good batch.
    var isWhole: Bool { holes.isEmpty && failure == nil }
}
