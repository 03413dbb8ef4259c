import EdgeBrokerTesting
import Foundation
import LogStore
import RecordFormat
import Testing

@Suite("Reading a partition")
struct PartitionReadingTests {
    @Test("hands out each batch where it was read to, as the copying read gives it")
    func borrowed() throws {
        let temporary = try TemporaryLog(segmentBytes: 2000)
        let orders = try temporary.createTopic("orders")
        for number in 0..<40 { try temporary.append(["\(number)", String(repeating: "r", count: 90)], to: orders) }
        let end = temporary.log.highWatermark(of: orders)
        for maxBytes in [1, 500, 4000, 1 << 20] {
            var (copied, borrowed): ([[UInt8]], [[UInt8]]) = ([], [])
            var (one, other) = (Offset.zero, Offset.zero)
            while one < end {
                let read = try temporary.log.read(orders, from: one, upTo: end, maxBytes: maxBytes)
                copied += read.batches
                one = read.nextOffset
                other = try temporary.log.read(orders, from: other, upTo: end, maxBytes: maxBytes) { header, bytes in
                    #expect(header.totalSize == bytes.count)
                    borrowed.append(Array(bytes))
                }
                #expect(one == other)
            }
            #expect(copied == borrowed && copied.count == 40)
        }
    }

    @Test("passes over batches that a compaction has emptied, from every offset")
    func emptyBatches() throws {
        let temporary = try TemporaryLog()
        let orders = try temporary.createTopic("orders")
        try temporary.append(["a"], to: orders)
        try temporary.append(bytes: empty(records: 5), to: orders)
        try temporary.append(["b", "c"], to: orders)
        try temporary.append(bytes: empty(records: 3), to: orders)
        let end = temporary.log.highWatermark(of: orders)
        #expect(end == Offset(11))
        #expect(try temporary.values(orders) == ["a", "b", "c"])
        for offset in 1...6 {
            let read = try temporary.log.read(orders, from: Offset(Int64(offset)), upTo: end, maxBytes: 1)
            #expect(read.nextOffset == Offset(8) && read.batches.count == 1)
        }
        for offset in 8...10 {
            let read = try temporary.log.read(orders, from: Offset(Int64(offset)), upTo: end, maxBytes: 1)
            #expect(read.nextOffset == end && read.batches.isEmpty)
        }
    }

    /// A batch of so many offsets and no record, as a compaction leaves it.
    private func empty(records: Int) -> [UInt8] {
        var bytes = Array(batch((0..<records).map { "\($0)" }).prefix(RecordBatchHeader.encodedSize))
        func put<T: FixedWidthInteger>(_ value: T, _ position: Int) {
            withUnsafeBytes(of: value.bigEndian) { bytes.replaceSubrange(position..<(position + $0.count), with: $0) }
        }
        put(Int32(bytes.count - 12), 8)
        put(Int32(0), 57)
        put(bytes[21...].withUnsafeBytes { crc32c($0) }, 17)
        return bytes
    }

    @Test("names a segment that somebody has taken away, and goes on behind it when it was the log's own doing")
    func vanished() throws {
        let temporary = try TemporaryLog(segmentBytes: 1024)
        let orders = try temporary.createTopic("orders")
        for number in 0..<30 { try temporary.append(["\(number) " + String(repeating: "v", count: 200)], to: orders) }
        let end = temporary.log.highWatermark(of: orders)
        try FileManager.default.removeItem(atPath: orders.path + "/" + SegmentName.log(.zero))
        do throws(LogStoreError) {
            _ = try temporary.log.read(orders, from: .zero, upTo: end, maxBytes: 1)
            Issue.record("A segment without a file was read")
        } catch {
            #expect(error.code == .storage && "\(error)".contains(SegmentName.log(.zero)))
        }
        try temporary.log.deleteRecords(of: orders, below: Offset(20))
        do throws(LogStoreError) {
            _ = try temporary.log.read(orders, from: .zero, upTo: end, maxBytes: 1)
            Issue.record("Deleted records were read")
        } catch {
            #expect(error.code == .offsetOutOfRange && error.nextReadable == Offset(20))
        }
    }

    @Test("keeps few files of closed segments open")
    func openFiles() throws {
        let temporary = try TemporaryLog(segmentBytes: 1024)
        let orders = try temporary.createTopic("orders")
        for _ in 0..<160 { try temporary.append([String(repeating: "o", count: 700)], to: orders) }
        #expect(try temporary.values(orders).count == 160)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let links = descriptors.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        let open = links.filter { $0.hasPrefix(orders.path) }
        // 64 closed segments and the active one.
        #expect(open.count == 65)
    }
}
