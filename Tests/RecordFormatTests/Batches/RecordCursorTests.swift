import RecordFormat
import Testing

@Suite("A record cursor")
struct RecordCursorTests {
    @Test("hands out keys and values where they lie in the batch")
    func slices() throws {
        let records = [
            Record(key: [1, 2], value: nil, timestamp: Timestamp(millisecondsSince1970: 7)),
            Record(
                key: nil, value: [3], headers: [RecordHeader(key: "h", value: [4])],
                timestamp: Timestamp(millisecondsSince1970: 6)),
        ]
        let batch = RecordBatchBuilder.batch(of: records)
        try batch.withUnsafeBytes { bytes in
            var cursor = try RecordCursor(bytes)
            let first = try #require(try cursor.next())
            #expect(first.key?.baseAddress == bytes.baseAddress.map { $0 + 66 })
            #expect(first.value == nil)
            let second = try #require(try cursor.next())
            #expect(second.value.map(Array.init) == [3])
            #expect(second.headerCount == 1)
            #expect(second.storedRecord() == StoredRecord(offset: Offset(1), record: records[1]))
            #expect(try cursor.next() == nil)
            #expect(try cursor.next() == nil)
        }
    }

    @Test("keeps the gaps that a compaction leaves in the offsets")
    func sparse() throws {
        // Offset deltas 3 and 70 (zig-zag 6, and 140 in two bytes) of a last 100.
        let batch = RawBatch([12, 0, 0, 6, 1, 1, 0, 14, 0, 0, 0x8c, 1, 1, 1, 0], count: 2, lastOffsetDelta: 100)
        #expect(try batch.decoded().map(\.offset) == [Offset(3), Offset(70)])
        #expect(try batch.header().nextOffset == Offset(101))
    }

    @Test("finds nothing in a batch whose records a compaction has all removed")
    func empty() throws { #expect(try RawBatch([], count: 0, lastOffsetDelta: 9).decoded() == []) }

    @Test("gives every record the batch's largest timestamp when that is the append time")
    func appendTime() throws {
        let records: [UInt8] = [12, 0, 0, 0, 1, 1, 0, 12, 0, 20, 2, 1, 1, 0]
        let created = try RawBatch(records, count: 2).decoded().map(\.record.timestamp.millisecondsSince1970)
        #expect(created == [1000, 1010])
        let appended = try RawBatch(records, count: 2).with(21, Int16(1 << 3)).decoded()
        #expect(appended.map(\.record.timestamp.millisecondsSince1970) == [2000, 2000])
    }

    @Test("replaces what is not UTF-8 in a header's name, as other clients do")
    func headerName() throws {
        let batch = RawBatch([18, 0, 0, 0, 1, 1, 2, 2, 0xff, 1], count: 1)
        #expect(try batch.decoded().first?.record.headers == [RecordHeader(key: "\u{fffd}", value: nil)])
    }

    @Test("reads integers with more bytes than they need")
    func longIntegers() throws {
        let batch = RawBatch([20, 0, 0x80, 0x80, 0x00, 0x80, 0x00, 1, 1, 0x80, 0x00], count: 1)
        #expect(try batch.decoded().map(\.offset) == [.zero])
    }

    @Test(
        "refuses, although the CRC fits, records that do not decode",
        arguments: [
            ("record 1 reaches beyond", [14, 0, 0, 0, 1, 1, 0], 1),
            ("record 1 reaches beyond", [10, 0, 0, 0, 1, 1, 0], 1),
            ("record 1 reaches beyond", [0, 0, 0, 0, 0, 0, 0], 1),
            ("record 1 has a length of -1", [1, 0, 0, 0, 1, 1, 0], 1),
            ("record 1 is followed by 1 bytes", [14, 0, 0, 0, 1, 1, 0, 9], 1),
            ("the last record is followed by 2 bytes", [12, 0, 0, 0, 1, 1, 0, 9, 9], 1),
            ("the header is followed by 3 bytes", [9, 9, 9], 0),
            ("record 1 has a length of -2", [12, 0, 0, 0, 3, 1, 0], 1),
            ("record 1 has a length of -2", [12, 0, 0, 0, 1, 3, 0], 1),
            ("record 1 has a length of -1", [12, 0, 0, 0, 1, 1, 1], 1),
            ("record 1 reaches beyond", [12, 0, 0, 0, 20, 1, 0], 1),
            ("record 1 reaches beyond", [12, 0, 0, 0, 1, 20, 0], 1),
            ("record 1 has 1 headers", [12, 0, 0, 0, 1, 1, 2], 1),
            ("record 1 has 2147483647 headers", [20, 0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f], 1),
            ("record 1 has a length of -1", [16, 0, 0, 0, 1, 1, 2, 1, 1], 1),
            ("record 1 has a length of -2", [16, 0, 0, 0, 1, 1, 2, 0, 3], 1),
            ("record 1 reaches beyond", [16, 0, 0, 0, 1, 1, 2, 4, 1], 1),
            ("record 1 has offset delta -1", [12, 0, 0, 1, 1, 1, 0], 1),
            ("record 1 has offset delta 1,", [12, 0, 0, 2, 1, 1, 0], 1),
            ("record 2 has offset delta 0", [12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0], 2),
            ("record 2 reaches beyond", [12, 0, 0, 0, 1, 1, 0, 14, 0, 0, 2, 1, 1, 0], 2),
            // An int32 of 33 bits, an int64 of 65, and one that never ends.
            ("record 1 has an integer", [20, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 1, 0], 1),
            ("record 1 has an integer", [30, 0] + [UInt8](repeating: 0xff, count: 9) + [2, 0, 1, 1, 0], 1),
            ("record 1 has an integer", [UInt8](repeating: 0xff, count: 20), 1),
        ] as [(String, [UInt8], Int32)])
    func malformed(expected: String, records: [UInt8], count: Int32) {
        let error = RawBatch(records, count: count).error()
        #expect(error?.code == .malformedRecord)
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "decoded")")
    }

    @Test("stays in front of a record that does not decode")
    func staysThere() throws {
        let batch = RawBatch([12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 2, 1, 3, 0], count: 2)
        try batch.bytes.withUnsafeBytes { bytes in
            var cursor = try RecordCursor(bytes)
            _ = try cursor.next()
            let first = #expect(throws: RecordFormatError.self) { try cursor.next() }
            let second = #expect(throws: RecordFormatError.self) { try cursor.next() }
            #expect(first == second)
            #expect(second?.message.contains("record 2 has a length of -2") == true)
        }
    }

    @Test("names the codec of a compressed batch, which only a decoder reads", arguments: [1, 2, 3, 4] as [Int16])
    func compressed(codec: Int16) {
        let batch = RawBatch([1, 2, 3], count: 1).with(21, codec)
        let error = #expect(throws: RecordFormatError.self) {
            try batch.bytes.withUnsafeBytes { _ = try RecordCursor($0) }
        }
        #expect(error?.code == .compressed)
        #expect(error?.message.hasSuffix("with \(["gzip", "snappy", "lz4", "zstd"][Int(codec) - 1]).") == true)
    }

    @Test("walks a control batch, which holds no records to decode")
    func control() throws {
        // A commit marker: key version 0, type 1; value version 0, coordinator epoch 5.
        let marker = RawBatch([32, 0, 0, 0, 8, 0, 0, 0, 1, 12, 0, 0, 0, 0, 0, 5, 0], count: 1).with(21, Int16(0x30))
        #expect(marker.error()?.code == .controlBatch)
        try marker.bytes.withUnsafeBytes { bytes in
            var cursor = try RecordCursor(bytes)
            #expect(try cursor.next()?.key.map(Array.init) == [0, 0, 0, 1])
        }
    }
}
