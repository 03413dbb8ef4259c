package import RecordFormat

/// `%020d.gap`, named by its first offset: offsets that are lost for good and of which a person knows, because `log repair`
/// has set what was left of them aside. Where there are records, they count all the same.
///
/// Big-endian; valid when the checksum fits and topic, partition and start are those of the folder and the file's name.
///
/// | at | size | field       | meaning                                         |
/// |---:|-----:|:------------|:------------------------------------------------|
/// |  0 |    4 | `checksum`  | CRC-32C of what follows                         |
/// |  4 |    2 | `version`   | 1                                               |
/// |  6 |    2 | `causeSize` | bytes of `cause`, at most 1,024                 |
/// |  8 |   16 | `topicID`   |                                                 |
/// | 24 |    4 | `partition` |                                                 |
/// | 28 |    4 |             | zero                                            |
/// | 32 |    8 | `start`     | the first lost offset                           |
/// | 40 |    8 | `end`       | the offset after the last                       |
/// | 48 |    8 | `time`      | of the repair, ms since 1970                    |
/// | 56 |      | `cause`     | what was wrong, UTF-8                           |
package struct KnownGap: Sendable, Equatable {
    private static let version: UInt16 = 1
    private static let headerSize = 56
    private static let longestCause = 1024
    package static let sizeLimit = headerSize + longestCause

    package let topicID: Identifier
    package let partition: Int32
    /// Not empty.
    package let offsets: Range<Offset>
    package let time: Timestamp
    package let cause: String

    /// - Parameter cause: cut to 1,024 bytes.
    package init(topicID: Identifier, partition: Int32, offsets: Range<Offset>, time: Timestamp, cause: String) {
        precondition(!offsets.isEmpty, "A gap at \(offsets.lowerBound) without an offset")
        self.topicID = topicID
        self.partition = partition
        self.offsets = offsets
        self.time = time
        var cause = cause
        while cause.utf8.count > Self.longestCause { cause.removeLast() }
        self.cause = cause
    }

    package var encoded: [UInt8] {
        let text = Array(cause.utf8)
        var writer = FieldWriter(reserving: Self.headerSize + text.count)
        writer.append(UInt32(0))
        writer.append(Self.version)
        writer.append(UInt16(text.count))
        writer.append(topicID.bytes)
        writer.append(partition)
        writer.append(Int32(0))
        writer.append(offsets.lowerBound.rawValue)
        writer.append(offsets.upperBound.rawValue)
        writer.append(time.millisecondsSince1970)
        writer.append(text)
        writer.put(LogStore.checksum(of: writer.bytes[4...]), at: 0)
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no such file.
    package init?(decoding bytes: [UInt8]) {
        guard bytes.count >= Self.headerSize else { return nil }
        var reader = FieldReader(bytes[...])
        guard reader.next(UInt32.self) == LogStore.checksum(of: bytes[4...]), reader.next(UInt16.self) == Self.version,
            Int(reader.next(UInt16.self)) == bytes.count - Self.headerSize,
            let topicID = Identifier(reader.next(count: 16))
        else { return nil }
        self.topicID = topicID
        partition = reader.next()
        _ = reader.next(Int32.self)
        let (start, end) = (reader.next(Int64.self), reader.next(Int64.self))
        time = Timestamp(millisecondsSince1970: reader.next())
        guard start >= 0, end > start,
            let cause = String(validating: bytes[Self.headerSize...], as: UTF8.self)
        else { return nil }
        offsets = Offset(start)..<Offset(end)
        self.cause = cause
    }
}

/// What a folder's `.gap` files say.
struct KnownGaps {
    private(set) var all: [KnownGap] = []

    init() {}

    init(
        _ names: [String], in folder: String, topicID: Identifier, partition: Int32, on disk: any Disk
    ) throws(DiskError) {
        for name in names.sorted() {
            guard let start = SegmentName.base(of: name, suffix: ".gap"),
                let bytes = try disk.readable(folder + "/" + name, limit: KnownGap.sizeLimit),
                let gap = KnownGap(decoding: bytes), gap.topicID == topicID, gap.partition == partition,
                gap.offsets.lowerBound == start
            else { continue }
            all.append(gap)
        }
    }

    /// What of `lost` no gap names.
    func unknown(of lost: Range<Offset>) -> [Range<Offset>] {
        all.reduce([lost]) { rest, gap in
            rest.flatMap { part -> [Range<Offset>] in
                guard gap.offsets.overlaps(part) else { return [part] }
                return [
                    part.lowerBound..<max(part.lowerBound, gap.offsets.lowerBound),
                    min(part.upperBound, gap.offsets.upperBound)..<part.upperBound,
                ].filter { !$0.isEmpty }
            }
        }
    }

    /// Whether the gap that begins at `start` ends at or below `end`.
    func isBelow(_ end: Offset, from start: Offset) -> Bool {
        all.contains { $0.offsets.lowerBound == start && $0.offsets.upperBound <= end }
    }

    func overlapping(_ lost: Range<Offset>) -> [KnownGap] { all.filter { $0.offsets.overlaps(lost) } }
}

extension Disk {
    /// The whole of a small file; `nil` if it does not exist or is too large to be one.
    func readable(_ path: String, limit: Int) throws(DiskError) -> [UInt8]? {
        do throws(DiskError) {
            return try contents(of: path, limit: limit)
        } catch {
            if error.errno == DiskError.tooLarge { return nil }
            throw error
        }
    }
}
