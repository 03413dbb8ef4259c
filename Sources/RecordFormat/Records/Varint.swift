/// The variable-length integers of records: zig-zag (0, -1, 1, -2 … become 0, 1, 2, 3 …), then seven bits a byte, lowest
/// first, the top bit set in all but the last. An `int32` takes at most 5 bytes and an `int64` at most 10.
///
/// The "compact" lengths of Kafka's requests are something else: no zig-zag, and the length plus one.
enum Varint {
    @inline(__always)
    static func zigZag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

    /// Bytes that ``write(_:to:)`` takes. The same for an `int32` as for the `int64` of the same value.
    @inline(__always)
    static func size(of value: Int64) -> Int {
        let bits = zigZag(value)
        // Nearly all are short, and counting zeros is slow on many processors.
        if bits < 0x80 { return 1 }
        if bits < 0x4000 { return 2 }
        // Significant bits divided by seven and rounded up, without a division: exact for 1…64.
        return ((64 - bits.leadingZeroBitCount) * 9 + 64) >> 6
    }

    @inline(__always)
    static func write(_ value: Int64, to pointer: inout UnsafeMutableRawPointer) {
        var rest = zigZag(value)
        while rest >= 0x80 {
            pointer.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            pointer += 1
            rest >>= 7
        }
        pointer.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        pointer += 1
    }
}
