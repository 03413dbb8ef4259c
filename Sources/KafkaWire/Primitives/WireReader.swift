/// Reads Kafka's primitive types in order and never beyond the bytes it was given.
///
/// | type | on the wire |
/// |:-----|:------------|
/// | integers, float64 | big-endian |
/// | bool | a byte, false is 0 |
/// | uuid | 16 bytes |
/// | unsigned varint | 7 bits a byte, least significant first, the highest bit of a byte says that more follow |
/// | string | int16 length, -1 is null; compact: unsigned varint length + 1, 0 is null; UTF-8 |
/// | bytes, records, array | int32 length or count, -1 is null; compact: unsigned varint + 1, 0 is null |
///
/// Nothing in the protocol nests deeper than its types do, so there is no depth to limit.
package struct WireReader {
    private let bytes: UnsafeRawBufferPointer
    private var elementsLeft: Int
    /// Bytes read so far.
    package private(set) var position = 0

    /// - Parameter bytes: a frame without its length. Alive as long as the reader: it is not copied.
    package init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = WireLimits()) {
        self.bytes = bytes
        elementsLeft = limits.elements
    }

    /// What `body` reads in `bytes`, which are alive only as long.
    package static func read<Result>(
        _ bytes: ArraySlice<UInt8>, limits: WireLimits = WireLimits(),
        _ body: (inout WireReader) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        try bytes.withUnsafeBufferPointer { bytes throws(WireError) in
            var reader = WireReader(UnsafeRawBufferPointer(bytes), limits: limits)
            return try body(&reader)
        }
    }

    package var bytesLeft: Int { bytes.count - position }

    /// - Throws: `.bytesLeft` if anything follows.
    package func expectEnd() throws(WireError) {
        guard bytesLeft == 0 else { throw failure(.bytesLeft(bytesLeft)) }
    }

    func failure(_ defect: WireError.Defect) -> WireError { WireError(defect, at: position) }

    @inline(__always)
    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(WireError) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= bytesLeft else { throw failure(.endsEarly(needed: size, left: bytesLeft)) }
        defer { position += size }
        return Value(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
    }

    @inline(__always)
    mutating func unsignedVarint() throws(WireError) -> UInt32 {
        let first = try integer(UInt8.self)
        return first < 0x80 ? UInt32(first) : try longVarint(after: first)
    }

    private mutating func longVarint(after first: UInt8) throws(WireError) -> UInt32 {
        var value = UInt32(first & 0x7f)
        for shift in stride(from: UInt32(7), through: 28, by: 7) {
            let next = try integer(UInt8.self)
            // The fifth byte has room for four bits, and nothing may follow it.
            guard shift < 28 || next <= 0x0f else { break }
            value |= UInt32(next & 0x7f) << shift
            if next < 0x80 { return value }
        }
        throw failure(.varintTooLarge)
    }

    /// A length or a count; `nil` is null. It may still be far more than there are bytes.
    /// - Parameter prefix: the type of a length that is not compact.
    @inline(__always)
    mutating func length<Prefix: FixedWidthInteger & SignedInteger>(
        _ prefix: Prefix.Type, isCompact: Bool
    ) throws(WireError) -> Int? {
        if isCompact {
            let lengthAndOne = try unsignedVarint()
            return lengthAndOne == 0 ? nil : Int(lengthAndOne) - 1
        }
        let length = try integer(Prefix.self)
        if length == -1 { return nil }
        guard length >= 0 else { throw failure(.negativeLength(Int(length))) }
        return Int(length)
    }

    /// The next `count` bytes, which are not copied.
    @inline(__always)
    mutating func take(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
        guard count <= bytesLeft else { throw failure(.endsEarly(needed: count, left: bytesLeft)) }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    mutating func string(isCompact: Bool) throws(WireError) -> String? {
        guard let length = try length(Int16.self, isCompact: isCompact) else { return nil }
        guard length <= WireWriter.longestString else {
            throw failure(.tooLong(length, limit: WireWriter.longestString))
        }
        guard let text = String(validating: try take(length), as: UTF8.self) else { throw failure(.invalidUTF8) }
        return text
    }

    /// A string in which what is not UTF-8 is replaced: for what is only ever shown to people.
    mutating func repairedString() throws(WireError) -> String? {
        guard let length = try length(Int16.self, isCompact: false) else { return nil }
        return String(decoding: try take(length), as: UTF8.self)
    }

    /// Takes `count` elements off what the message may have.
    /// - Parameter leastSize: bytes of the smallest element there can be.
    mutating func expectElements(_ count: Int, ofAtLeast leastSize: Int) throws(WireError) {
        guard count <= bytesLeft / max(leastSize, 1) else {
            throw failure(.tooManyElements(count, bytesLeft: bytesLeft))
        }
        guard count <= elementsLeft else { throw failure(.elementLimit) }
        elementsLeft -= count
    }
}
