import LogStore
import RecordFormat
import Testing

@Suite("Reading records where they lie")
struct RecordReadingTests {
    private func numbers(
        _ temporary: TemporaryLog, _ partition: Partition, from offset: Int64, upTo limit: Int64, maxBytes: Int
    ) throws -> (numbers: [String], next: Offset) {
        var numbers: [String] = []
        var decoder = RecordDecoder()
        let next = try temporary.log.readRecords(
            partition, from: Offset(offset), upTo: Offset(limit), maxBytes: maxBytes, with: &decoder
        ) { record in
            numbers.append(
                String(decoding: record.value ?? UnsafeRawBufferPointer(start: nil, count: 0), as: UTF8.self))
        }
        return (numbers, next)
    }

    @Test(
        "gives exactly those from an offset to a limit",
        arguments: [(0, 12), (1, 12), (4, 5), (5, 11), (11, 12), (12, 12)])
    func range(_ start: Int64, _ end: Int64) throws {
        let temporary = try TemporaryLog()
        let orders = try temporary.createTopic("orders")
        for first in stride(from: 0, to: 12, by: 3) {
            try temporary.append((first..<(first + 3)).map(String.init), to: orders)
        }
        let read = try numbers(temporary, orders, from: start, upTo: end, maxBytes: .max)
        #expect(read.numbers == (start..<end).map(String.init))
        #expect(read.next.rawValue >= end)
    }

    @Test("passes over control batches, and hands out what is good before a batch that does not decode")
    func undecodable() throws {
        let temporary = try TemporaryLog()
        let orders = try temporary.createTopic("orders")
        try temporary.append(["0"], to: orders)
        try temporary.append(bytes: changed(batch(["x"])) { $0[22] |= 1 << 5 }, to: orders)
        try temporary.append(["2"], to: orders)
        // The second record's length reaches beyond the batch.
        try temporary.append(bytes: changed(batch(["3", "y"])) { $0[$0.count - 8] = 0x7e }, to: orders)
        try temporary.append(["5"], to: orders)
        let first = try numbers(temporary, orders, from: 0, upTo: 6, maxBytes: .max)
        #expect(first.numbers == ["0", "2", "3"] && first.next == Offset(4))
        do throws(LogStoreError) {
            var decoder = RecordDecoder()
            _ = try temporary.log.readRecords(
                orders, from: Offset(4), upTo: Offset(6), maxBytes: .max, with: &decoder
            ) { record in Issue.record("A record of a batch that does not decode: \(record.offset)") }
            Issue.record("A batch that does not decode was read")
        } catch {
            #expect(error.code == .corrupt && error.nextReadable == Offset(5))
        }
        #expect(try numbers(temporary, orders, from: 5, upTo: 6, maxBytes: .max).numbers == ["5"])
    }

    private func changed(_ bytes: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = bytes
        change(&bytes)
        let checksum = bytes[21...].withUnsafeBytes { crc32c($0) }
        withUnsafeBytes(of: checksum.bigEndian) { bytes.replaceSubrange(17..<21, with: $0) }
        return bytes
    }

}
