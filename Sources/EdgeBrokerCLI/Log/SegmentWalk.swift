import LogStore
import RecordFormat

/// Goes over a segment file batch by batch, over damaged ones too, as long as it can be told where they end.
///
/// This is for looking, not for reading: a batch whose CRC does not fit is handed out as such.
struct SegmentWalk {
    struct Batch {
        let position: Int
        let size: Int
        /// Of the file, and outside the CRC.
        let baseOffset: Int64
        let leaderEpoch: Int32
        let isChecksumGood: Bool
        /// `nil` if the CRC does not fit, because then nobody knows which field is wrong, or if no writer writes such a header.
        let header: RecordBatchHeader?
        /// What is wrong with it, if anything is.
        let defect: String?
    }

    enum Step {
        case batch(Batch)
        /// Something that is no batch, and why. The walk goes on at the next batch behind it.
        case gap(position: Int, String)
    }

    private let file: any DiskFile
    private let size: Int
    private var position = 0
    /// Where the next batch has to begin; `nil` behind damage.
    private var expected: Offset?
    private var lastOffset: Offset
    /// The bytes of the batch that ``next()`` has just handed out.
    private(set) var bytes: [UInt8] = []

    init(_ file: any DiskFile, base: Offset) throws(DiskError) {
        self.file = file
        size = try file.size()
        expected = base
        lastOffset = base
    }

    /// - Returns: `nil` at the end of the file.
    mutating func next() throws(DiskError) -> Step? {
        if position >= size { return nil }
        let start = position
        let frame = try Frame(in: file, at: start, end: size)
        guard let frame, frame.isPlausible else {
            try resynchronise()
            return .gap(position: start, frame?.defect ?? "\(size - start) bytes are too few for a batch")
        }
        bytes = try file.bytes(at: start, count: frame.size)
        guard bytes.count == frame.size else {
            position = size
            return .gap(position: start, "the file became shorter while it was read")
        }
        let batch = judge(frame)
        expected = batch.header?.nextOffset
        lastOffset = Offset(max(lastOffset.rawValue, frame.baseOffset))
        position += frame.size
        // The length is outside the CRC: what follows has to confirm that of a damaged batch.
        if !batch.isChecksumGood, try !isFollowed(frame) {
            position = start
            try resynchronise()
        }
        return .batch(batch)
    }

    private func judge(_ frame: Frame) -> Batch {
        var header: RecordBatchHeader?
        var defect: String?
        do throws(RecordFormatError) {
            let sound = try bytes.span.bytes.withUnsafeBytes { batch throws(RecordFormatError) in
                try RecordBatchHeader.validate(batch)
            }
            header = sound
            if let expected, sound.baseOffset != expected {
                defect = "Batch begins at offset \(sound.baseOffset), where \(expected) was to come."
            }
        } catch {
            defect = "\(error)"
        }
        return Batch(
            position: position, size: frame.size, baseOffset: frame.baseOffset, leaderEpoch: frame.leaderEpoch,
            isChecksumGood: frame.isChecksumGood(of: bytes), header: header, defect: defect)
    }

    /// Whether behind a damaged batch there is the end of the file, or what looks like the batch that comes next.
    private func isFollowed(_ frame: Frame) throws(DiskError) -> Bool {
        if position == size { return true }
        guard let next = try Frame(in: file, at: position, end: size), next.isPlausible else { return false }
        let distance = next.baseOffset.subtractingReportingOverflow(frame.baseOffset)
        return !distance.overflow && distance.partialValue > 0 && distance.partialValue <= Int64(Int32.max)
    }

    private mutating func resynchronise() throws(DiskError) {
        expected = nil
        var scanner = BatchScanner(file, from: position, to: size, expecting: lastOffset)
        position = try scanner.resynchronise(below: Offset(Int64.max)) ? scanner.position : size
    }
}

/// The fields that say where a batch ends, whether or not the others make sense. Format: ``RecordBatchHeader``.
private struct Frame {
    let baseOffset: Int64
    let size: Int
    let leaderEpoch: Int32
    let magic: UInt8
    let checksum: UInt32
    let room: Int

    /// - Returns: `nil` if there are too few bytes for a header.
    init?(in file: any DiskFile, at position: Int, end: Int) throws(DiskError) {
        guard end - position >= RecordBatchHeader.encodedSize else { return nil }
        let bytes = try file.bytes(at: position, count: RecordBatchHeader.encodedSize)
        guard bytes.count == RecordBatchHeader.encodedSize else { return nil }
        func field<T: FixedWidthInteger>(_ at: Int, _ type: T.Type) -> T {
            bytes.withUnsafeBytes { T(bigEndian: $0.loadUnaligned(fromByteOffset: at, as: T.self)) }
        }
        baseOffset = field(0, Int64.self)
        size = Int(field(8, Int32.self)) + 12
        leaderEpoch = field(12, Int32.self)
        magic = field(16, UInt8.self)
        checksum = field(17, UInt32.self)
        room = end - position
    }

    var isPlausible: Bool { magic == RecordBatchHeader.magic && size >= RecordBatchHeader.encodedSize && size <= room }

    var defect: String {
        if magic != RecordBatchHeader.magic {
            return "a batch has magic \(RecordBatchHeader.magic), here it is \(magic)"
        }
        return "a batch of \(size) bytes, of \(room) that are left"
    }

    func isChecksumGood(of batch: [UInt8]) -> Bool { batch[21...].withUnsafeBytes { crc32c($0) } == checksum }
}
