import RecordFormat

/// What a fuzzer made: a byte that says how the rest is to be taken, and the rest.
///
/// No fuzzer finds a checksum that fits. So most formats' checksums are made to fit, unless a bit of the first byte says that
/// they are to be left alone.
struct Input {
    let choices: UInt8
    let bytes: [UInt8]

    init(_ all: [UInt8]) {
        choices = all.first ?? 0
        bytes = Array(all.dropFirst())
    }

    /// Whether a choice was made; the bits are numbered from 0.
    func has(_ bit: Int) -> Bool { choices >> UInt8(bit) & 1 != 0 }

    /// One of `values`, by the two bits from `bit` on.
    func pick<Value>(_ values: [Value], by bit: Int) -> Value { values[Int(choices >> UInt8(bit) & 3) % values.count] }

    /// The bytes with the checksum at `place` made to fit those behind it, unless bit 0 says no.
    func checksummed(at place: Int) -> [UInt8] {
        var sealed = bytes
        if !has(0), sealed.count >= place + 4 { sealed.put(crc32c(sealed[(place + 4)...]), at: place) }
        return sealed
    }
}

extension [UInt8] {
    /// Big-endian.
    mutating func put<T: FixedWidthInteger>(_ value: T, at place: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { replaceSubrange(place..<(place + $0.count), with: $0) }
    }

    /// Big-endian; the bytes must be there.
    func number<T: FixedWidthInteger>(at place: Int, _ type: T.Type = T.self) -> T {
        self[place..<(place + MemoryLayout<T>.size)].reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }
}

func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.withUnsafeBytes { RecordFormat.crc32c($0) } }
