/// Encodes records into a batch: base offset 0, no codec, the records' own timestamps, no producer.
///
/// Use one builder for many batches: it learns how large they become. Format: ``RecordBatchHeader``, ``RecordSlices``.
package struct RecordBatchBuilder: Sendable {
    /// The batch so far, with room behind it. The first 61 bytes are filled in at the end.
    private var storage: [UInt8] = []
    private var expectedSize = 512
    private var baseTimestamp = Timestamp(millisecondsSince1970: 0)
    private var maxTimestamp = Timestamp(millisecondsSince1970: 0)

    /// Records so far.
    package private(set) var count = 0
    /// Bytes of the batch if it were finished now; 61 while it is empty. It must stay at or below `Int32.max`.
    package private(set) var byteCount = RecordBatchHeader.encodedSize

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// Bytes that a record adds to a batch, or a few more.
    package static func sizeBound(of record: Record) -> Int {
        // Three varints of 5 bytes, one of 10, the attributes, and 5 bytes for each length and count.
        var size = 41 + (record.key?.count ?? 0) + (record.value?.count ?? 0)
        for header in record.headers { size += 10 + header.key.utf8.count + (header.value?.count ?? 0) }
        return size
    }

    package mutating func append(_ record: Record) {
        append(key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp)
    }

    /// Appends a record, whose offset will be the batch's base offset plus ``count`` as it is now.
    package mutating func append(key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Timestamp) {
        withBytes(of: key) { key in
            withBytes(of: value) { value in
                append(key: key, value: value, headers: headers, timestamp: timestamp)
            }
        }
    }

    /// The same, from bytes that are not in an array.
    package mutating func append(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, headers: [RecordHeader] = [], timestamp: Timestamp
    ) {
        baseTimestamp = count == 0 ? timestamp : baseTimestamp
        maxTimestamp = count == 0 ? timestamp : max(maxTimestamp, timestamp)
        let timestampDelta = timestamp.millisecondsSince1970 &- baseTimestamp.millisecondsSince1970
        let offsetDelta = Int64(count)

        var length = 1 + Varint.size(of: timestampDelta) + Varint.size(of: offsetDelta)
        length +=
            Self.size(ofBytes: key?.count) + Self.size(ofBytes: value?.count) + Varint.size(of: Int64(headers.count))
        for header in headers {
            length += Self.size(ofBytes: header.key.utf8.count) + Self.size(ofBytes: header.value?.count)
        }
        let start = byteCount
        let end = start + Varint.size(of: Int64(length)) + length
        reserve(end)
        storage.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("No room was reserved for \(end) bytes") }
            var target = base + start
            Varint.write(Int64(length), to: &target)
            target.storeBytes(of: 0, as: UInt8.self)
            target += 1
            Varint.write(timestampDelta, to: &target)
            Varint.write(offsetDelta, to: &target)
            Self.write(key, to: &target)
            Self.write(value, to: &target)
            Varint.write(Int64(headers.count), to: &target)
            for header in headers {
                var name = header.key
                name.withUTF8 { Self.write(UnsafeRawBufferPointer($0), to: &target) }
                withBytes(of: header.value) { Self.write($0, to: &target) }
            }
            precondition(
                target == base + end, "A record of \(end - start) bytes was encoded in \(target - base - start)")
        }
        byteCount = end
        count += 1
    }

    /// The batch, with its CRC. Then the builder is empty. There must be at least one record.
    package mutating func finish() -> [UInt8] {
        precondition(count > 0, "A batch without records was finished")
        storage.removeLast(storage.count - byteCount)
        let header = RecordBatchHeader(
            totalSize: Int32(byteCount), recordCount: Int32(count), baseTimestamp: baseTimestamp,
            maxTimestamp: maxTimestamp)
        storage.withUnsafeMutableBytes { header.encode(into: $0) }
        // A little more than last time, so that batches which vary a little do not grow in the middle.
        expectedSize = byteCount + byteCount / 8
        defer {
            storage = []
            count = 0
            byteCount = RecordBatchHeader.encodedSize
        }
        // A small batch after a large one must not hold on to the large one's memory.
        return storage.capacity > 2 * byteCount + 512 ? storage.withUnsafeBytes(Array.init) : storage
    }

    private mutating func reserve(_ needed: Int) {
        if needed <= storage.count { return }
        precondition(needed <= Int(Int32.max), "A batch of \(needed) bytes was begun; the format ends at \(Int32.max)")
        let size = max(needed, 2 * storage.count, expectedSize)
        let old = storage
        // Not set to zero first: it would cost as much as encoding, and `finish` cuts off what was not written.
        storage = [UInt8](unsafeUninitializedCapacity: size) { new, initialized in
            old.withUnsafeBytes { UnsafeMutableRawBufferPointer(new).copyMemory(from: $0) }
            initialized = size
        }
    }

    private static func size(ofBytes count: Int?) -> Int {
        guard let count else { return 1 }
        return Varint.size(of: Int64(count)) + count
    }

    @inline(__always)
    private static func write(_ bytes: UnsafeRawBufferPointer?, to target: inout UnsafeMutableRawPointer) {
        guard let bytes else { return Varint.write(-1, to: &target) }
        Varint.write(Int64(bytes.count), to: &target)
        guard let start = bytes.baseAddress else { return }
        target.copyMemory(from: start, byteCount: bytes.count)
        target += bytes.count
    }
}

@inline(__always)
private func withBytes(of array: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
    guard let array else { return body(nil) }
    array.withUnsafeBytes { body($0) }
}
