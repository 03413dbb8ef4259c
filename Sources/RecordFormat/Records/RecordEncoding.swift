/// A record about to be encoded: the deltas are known, and so is the size, which stands in front. Format: ``RecordSlices``.
///
/// It holds no references, so making one counts none. That is why the headers, which are rare, come in steps of their own.
struct RecordEncoding {
    let timestampDelta: Int64
    let offsetDelta: Int64
    let key: UnsafeRawBufferPointer?
    let value: UnsafeRawBufferPointer?
    /// Bytes after the length field.
    private let length: Int
    /// Bytes in all.
    let size: Int

    @inline(__always)
    init(
        timestampDelta: Int64, offsetDelta: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headersSize: Int
    ) {
        self.timestampDelta = timestampDelta
        self.offsetDelta = offsetDelta
        self.key = key
        self.value = value
        // No overflow: what is in memory has fewer bytes than an Int counts.
        var length = 1 &+ Varint.size(of: timestampDelta) &+ Varint.size(of: offsetDelta)
        length &+= Self.size(ofBytes: key?.count) &+ Self.size(ofBytes: value?.count) &+ headersSize
        self.length = length
        size = Varint.size(of: Int64(length)) &+ length
    }

    /// Writes everything before the headers.
    @inline(__always)
    func write(to target: inout UnsafeMutableRawPointer) {
        Varint.write(Int64(length), to: &target)
        target.storeBytes(of: 0, as: UInt8.self)
        target += 1
        Varint.write(timestampDelta, to: &target)
        Varint.write(offsetDelta, to: &target)
        Self.write(key, to: &target)
        Self.write(value, to: &target)
    }

    @inline(__always)
    private static func size(ofBytes count: Int?) -> Int {
        guard let count else { return 1 }
        return Varint.size(of: Int64(count)) &+ count
    }

    @inline(__always)
    private static func write(_ bytes: UnsafeRawBufferPointer?, to target: inout UnsafeMutableRawPointer) {
        guard let bytes else { return Varint.write(-1, to: &target) }
        Varint.write(Int64(bytes.count), to: &target)
        guard let start = bytes.baseAddress else { return }
        target.copyMemory(from: start, byteCount: bytes.count)
        target += bytes.count
    }

    @inline(__always)
    static func size(of headers: [RecordHeader]) -> Int { headers.isEmpty ? 1 : size(ofSome: headers) }

    @inline(__always)
    static func write(_ headers: [RecordHeader], to target: inout UnsafeMutableRawPointer) {
        if headers.isEmpty { Varint.write(0, to: &target) } else { write(some: headers, to: &target) }
    }

    // Out of line, because the loops count references.
    @inline(never)
    private static func size(ofSome headers: [RecordHeader]) -> Int {
        headers.reduce(Varint.size(of: Int64(headers.count))) { sum, header in
            sum + size(ofBytes: header.key.utf8.count) + size(ofBytes: header.value?.count)
        }
    }

    @inline(never)
    private static func write(some headers: [RecordHeader], to target: inout UnsafeMutableRawPointer) {
        Varint.write(Int64(headers.count), to: &target)
        for header in headers {
            var name = header.key
            name.withUTF8 { write(UnsafeRawBufferPointer($0), to: &target) }
            withBytes(of: header.value) { write($0, to: &target) }
        }
    }
}

@inline(__always)
func withBytes<Result>(of array: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
    guard let array else { return body(nil) }
    return array.withUnsafeBytes { body($0) }
}
