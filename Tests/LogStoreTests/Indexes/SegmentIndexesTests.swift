import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The indexes of a segment")
struct SegmentIndexesTests {
    private let base = Offset(1000)

    /// Batches of these sizes and largest timestamps, one record each.
    private func indexes(_ batches: [(size: Int32, timestamp: Int64)]) throws -> SegmentIndexes {
        var indexes = SegmentIndexes()
        for (number, batch) in batches.enumerated() {
            let header = try header(
                base: base.rawValue + Int64(number), size: batch.size, maxTimestamp: batch.timestamp)
            indexes.note(header, position: indexes.end, size: Int(batch.size), base: base)
        }
        return indexes
    }

    @Test("have an entry for the first batch more than 4 KiB behind the last one, and one of the time with it")
    func entries() throws {
        let indexes = try indexes([(4096, 5), (100, 9), (100, 7), (5000, 12), (100, 3), (100, 20)])
        #expect(
            indexes.offsets.entries == [
                OffsetIndexEntry(relativeOffset: 2, filePosition: 4196),
                OffsetIndexEntry(relativeOffset: 4, filePosition: 9296),
            ])
        #expect(
            indexes.times.entries == [
                TimeIndexEntry(timestamp: time(9), relativeOffset: 1),
                TimeIndexEntry(timestamp: time(12), relativeOffset: 3),
            ])
        #expect(indexes.times.largest == time(20))
        let files = indexes.files(base: base)
        #expect(
            files.map(\.name) == [
                "00000000000000001000.index", "00000000000000001000.timeindex", "00000000000000001000.txnindex",
            ])
        #expect(hex(files[0].bytes) == "00000002" + "00001064" + "00000004" + "00002450")
        // Written, the time index ends with the segment's largest timestamp.
        #expect(
            hex(files[1].bytes) == "0000000000000009" + "00000001" + "000000000000000c" + "00000003"
                + "0000000000000014" + "00000005")
        #expect(files[2].bytes.isEmpty)
    }

    @Test(
        "are full when the offset index has its bytes, or the time index all but an entry's", arguments: [23, 24, 36])
    func full(limit: Int) throws {
        // Three offsets' entries, then two times' that are 24 bytes and need 12 more for the end.
        let offsets = try indexes(Array(repeating: (5000, 1), count: 4))
        #expect(offsets.offsets.entries.count == 3 && offsets.times.entries.count == 1)
        #expect(offsets.isFull(limit: limit) == (limit < 36))
        let times = try indexes((1...3).map { (5000, $0) })
        #expect(times.offsets.entries.count == 2 && times.times.entries.count == 2)
        #expect(times.isFull(limit: 47) && !times.isFull(limit: 48))
    }

    @Test("of a segment that is cut are what they were if nothing past the cut was noted, and none otherwise")
    func truncated() throws {
        let indexes = try indexes([(5000, 1), (5000, 2)])
        #expect(indexes.truncated(to: 10_000) == indexes)
        #expect(indexes.truncated(to: 20_000) == indexes)
        #expect(indexes.truncated(to: 9999) == nil)
    }

    private func written(_ indexes: SegmentIndexes) throws -> (disk: SimulatedDisk, sealed: SegmentSeal.Indexes) {
        let disk = SimulatedDisk(seed: 1)
        try disk.createDirectory("p")
        return (disk, try indexes.write(base: base, in: "p", on: disk))
    }

    private func load(_ disk: SimulatedDisk, _ sealed: SegmentSeal.Indexes, size: Int) throws -> SegmentIndexes? {
        try SegmentIndexes.load(
            disk, folder: "p", base: base, logSize: size, endOffset: Offset(1004), sealed: sealed)
    }

    private func abortingIndexes() throws -> SegmentIndexes {
        var indexes = try indexes([(5000, 1), (5000, 2), (5000, 3), (100, 4)])
        indexes.note(
            AbortedTransaction(
                producerID: 7, firstOffset: Offset(900), lastOffset: Offset(1003), lastStableOffset: Offset(1004)))
        return indexes
    }

    @Test("are loaded as they were written", arguments: [true, false])
    func loaded(aborting: Bool) throws {
        let indexes = try aborting ? abortingIndexes() : indexes([(5000, 1), (5000, 2), (5000, 3), (100, 4)])
        let (disk, sealed) = try written(indexes)
        #expect(try disk.list("p").count == (aborting ? 3 : 2))
        let loaded = try #require(try load(disk, sealed, size: 15_100))
        #expect(loaded.files(base: base).map(\.bytes) == indexes.files(base: base).map(\.bytes))
        #expect(loaded.end == 15_100)
        // What was aborted in an earlier segment of that name must not stay.
        if !aborting { return }
        try self.indexes([(100, 1)]).write(base: base, in: "p", on: disk)
        #expect(try disk.list("p").count == 2)
    }

    @Test(
        "are not loaded when a file is missing, cut, longer, of another segment, or has one changed bit",
        arguments: [".index", ".timeindex", ".txnindex"])
    func damaged(suffix: String) throws {
        let indexes = try abortingIndexes()
        let (disk, sealed) = try written(indexes)
        let path = "p/00000000000000001000" + suffix
        let bytes = try #require(disk.bytes(of: path))
        #expect(!bytes.isEmpty)
        var damages = [Array(bytes.dropLast()), bytes + [0], bytes + bytes, []]
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            damages.append(changed)
        }
        for damage in damages {
            let file = try disk.open(path, .createEmpty)
            _ = try damage.withUnsafeBytes { try $0.isEmpty ? 0 : file.write($0, at: 0) }
            #expect(try load(disk, sealed, size: 15_100) == nil)
        }
        try disk.remove(path)
        #expect(try load(disk, sealed, size: 15_100) == nil)
    }
}
