/// Why the bytes of a record are none.
enum RecordDefect: Error {
    case endsEarly
    case varintTooLarge
    case negativeLength(Int32)
    case tooManyHeaders(Int32)
    case bytesLeft(Int)
    case offsetDelta(Int32)

    var text: String {
        switch self {
        case .endsEarly: "reaches beyond the bytes there are"
        case .varintTooLarge: "has an integer of more bits than its type"
        case .negativeLength(let length): "has a length of \(length)"
        case .tooManyHeaders(let count): "has \(count) headers in too few bytes for them"
        case .bytesLeft(let count): "is followed by \(count) bytes that belong to nothing"
        case .offsetDelta(let delta): "has offset delta \(delta), which is out of order or above the batch's last"
        }
    }
}

/// Reads the parts of records in order and never beyond `end`.
struct RecordReader {
    private(set) var position: UnsafeRawPointer
    let end: UnsafeRawPointer

    /// - Parameter bytes: not empty, and alive as long as the reader and what it hands out.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return nil }
        position = start
        end = start + bytes.count
    }

    private init(position: UnsafeRawPointer, end: UnsafeRawPointer) {
        self.position = position
        self.end = end
    }

    var bytesLeft: Int { end - position }
    var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: position, count: bytesLeft) }

    @inline(__always)
    mutating func byte() throws(RecordDefect) -> UInt8 {
        guard position < end else { throw .endsEarly }
        defer { position += 1 }
        return position.load(as: UInt8.self)
    }

    @inline(__always)
    mutating func varint() throws(RecordDefect) -> Int32 {
        let bits = try unsigned()
        guard let zigZag = UInt32(exactly: bits) else { throw .varintTooLarge }
        return Int32(bitPattern: zigZag >> 1) ^ -Int32(bitPattern: zigZag & 1)
    }

    @inline(__always)
    mutating func varlong() throws(RecordDefect) -> Int64 {
        let zigZag = try unsigned()
        return Int64(bitPattern: zigZag >> 1) ^ -Int64(bitPattern: zigZag & 1)
    }

    @inline(__always)
    private mutating func unsigned() throws(RecordDefect) -> UInt64 {
        let first = try byte()
        return first < 0x80 ? UInt64(first) : try longUnsigned(after: first)
    }

    private mutating func longUnsigned(after first: UInt8) throws(RecordDefect) -> UInt64 {
        var value = UInt64(first & 0x7f)
        var shift: UInt64 = 7
        while true {
            let next = try byte()
            // The tenth byte has room for one bit, and nothing may follow it.
            guard shift < 63 || next <= 1 else { throw .varintTooLarge }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// A length, then as many bytes; length -1 is `nil`.
    @inline(__always)
    mutating func nullableBytes() throws(RecordDefect) -> UnsafeRawBufferPointer? {
        let length = try varint()
        return length == -1 ? nil : try bytes(length)
    }

    /// A length, then as many bytes.
    @inline(__always)
    mutating func bytes() throws(RecordDefect) -> UnsafeRawBufferPointer { try bytes(try varint()) }

    @inline(__always)
    private mutating func bytes(_ length: Int32) throws(RecordDefect) -> UnsafeRawBufferPointer {
        guard length >= 0 else { throw .negativeLength(length) }
        guard Int(length) <= bytesLeft else { throw .endsEarly }
        defer { position += Int(length) }
        return UnsafeRawBufferPointer(start: position, count: Int(length))
    }

    /// A length, then a reader of as many bytes.
    @inline(__always)
    mutating func nested() throws(RecordDefect) -> RecordReader {
        let start = position
        let content = try bytes()
        return RecordReader(position: content.baseAddress ?? start, end: position)
    }
}
