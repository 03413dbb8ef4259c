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
        // Six varints of at most 5 bytes, one of 10, and the attributes.
        41 + (record.key?.count ?? 0) + (record.value?.count ?? 0) + headersBound(record.headers)
    }

    /// Bytes that records add to a batch, or some more. Costs no count of references, as a loop outside would.
    package static func sizeBound(of records: [Record]) -> Int {
        var size = 0
        for index in records.indices {
            size += 41 + byteCount(of: records[index].key) + byteCount(of: records[index].value)
            if !records[index].headers.isEmpty { size += headersBound(records[index].headers) }
        }
        return size
    }

    // Out of line, because the loop counts references.
    @inline(never)
    private static func headersBound(_ headers: [RecordHeader]) -> Int {
        headers.reduce(0) { $0 + 10 + $1.key.utf8.count + ($1.value?.count ?? 0) }
    }

    @inline(__always)
    private static func byteCount(of bytes: [UInt8]?) -> Int { lastingBytes(of: bytes)?.count ?? 0 }

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
        let record = prepare(
            key: key, value: value, headersSize: RecordEncoding.size(of: headers), timestamp: timestamp)
        let start = byteCount
        let end = start + record.size
        reserve(end)
        storage.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("No room was reserved for \(end) bytes") }
            var target = base + start
            record.write(to: &target)
            RecordEncoding.write(headers, to: &target)
            precondition(
                target == base + end, "A record of \(record.size) bytes was encoded to \(target - base - end) more")
        }
        byteCount = end
    }

    package mutating func append(_ record: Record) {
        append(key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp)
    }

    /// Appends `records` in their order. For many, this costs less than half of appending one by one in a loop, which counts
    /// references.
    /// - Parameters:
    ///   - limit: bytes of the batch.
    ///   - now: the time of records that have none. Giving it to them before would cost a copy of each.
    /// - Returns: `false` if they do not fit into it; then the builder is good for nothing more.
    @discardableResult
    package mutating func append(
        contentsOf records: [Record], upTo limit: Int = Int(Int32.max), at now: Timestamp = .none
    ) -> Bool {
        guard let first = records.first else { return true }
        if count == 0 {
            baseTimestamp = first.timestamp == .none ? now : first.timestamp
            maxTimestamp = baseTimestamp
        }
        // The records behind the first are about as large, and if not, room is made again.
        let guess = Self.sizeBound(of: first) * 9 / 8
        var index = 0
        while index < records.count {
            let needed = byteCount + Self.sizeBound(of: records[index])
            // The bound may be above what the record takes, and what it takes may be just what the limit allows.
            if needed - 41 - 10 * records[index].headers.count > limit { return false }
            reserve(max(needed, min(byteCount + guess * (records.count - index), limit, Self.mostGuessed)))
            index = encode(records, from: index, at: now)
        }
        return byteCount <= limit
    }

    /// Room that is made for records at which nobody has looked yet.
    private static let mostGuessed = 1 << 20

    /// Encodes records as long as there is room for them.
    /// - Returns: the place of the first that did not fit.
    private mutating func encode(_ records: [Record], from first: Int, at now: Timestamp) -> Int {
        let (begun, base, firstDelta) = (byteCount, baseTimestamp.millisecondsSince1970, Int64(count - first))
        var latest = maxTimestamp.millisecondsSince1970
        let (absent, present) = (Timestamp.none.millisecondsSince1970, now.millisecondsSince1970)
        var index = first
        byteCount = storage.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("A builder has no memory") }
            let end = start + buffer.count
            // Copies of their own, which stay in registers.
            var (target, place, largest) = (start + begun, first, latest)
            while place < records.count {
                let own = records[place].timestamp.millisecondsSince1970
                let timestamp = own == absent ? present : own
                let encoding = RecordEncoding(
                    timestampDelta: timestamp &- base, offsetDelta: firstDelta &+ Int64(place),
                    key: lastingBytes(of: records[place].key), value: lastingBytes(of: records[place].value),
                    headersSize: RecordEncoding.size(of: records[place].headers))
                if encoding.size > end - target { break }
                largest = max(largest, timestamp)
                encoding.write(to: &target)
                RecordEncoding.write(records[place].headers, to: &target)
                place &+= 1
            }
            precondition(target <= end, "\(target - start) bytes were encoded into \(buffer.count)")
            (index, latest) = (place, largest)
            return target - start
        }
        count += index - first
        maxTimestamp = Timestamp(millisecondsSince1970: latest)
        return index
    }

    /// Counts the record and gives what is needed to encode it.
    @inline(__always)
    private mutating func prepare(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, headersSize: Int, timestamp: Timestamp
    ) -> RecordEncoding {
        if count == 0 {
            baseTimestamp = timestamp
            maxTimestamp = timestamp
        } else if timestamp > maxTimestamp {
            maxTimestamp = timestamp
        }
        defer { count += 1 }
        return RecordEncoding(
            timestampDelta: timestamp.millisecondsSince1970 &- baseTimestamp.millisecondsSince1970,
            offsetDelta: Int64(count),
            key: key, value: value, headersSize: headersSize)
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
}

/// The bytes of an array that somebody else holds, unchanged, as long as the result is used.
///
/// With a closure around the use, the compiler counts a reference for it; this is a third of what encoding costs.
@inline(__always)
private func lastingBytes(of array: [UInt8]?) -> UnsafeRawBufferPointer? {
    guard let array else { return nil }
    return array.withUnsafeBytes { $0 }
}
