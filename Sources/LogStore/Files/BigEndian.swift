/// Reads and writes the integers of our own files, which are all big-endian, with the bounds checked by the caller once
/// per structure: the structures here have fixed sizes.
struct FieldWriter {
    private(set) var bytes: [UInt8]

    init(reserving capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func pad(to count: Int) {
        precondition(bytes.count <= count, "\(bytes.count) bytes do not fit into \(count)")
        // An array, because appending the elements of a sequence takes a debug build half of a test's time.
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
    }

    /// Overwrites four bytes that were reserved earlier, usually for a checksum.
    mutating func put(_ value: UInt32, at position: Int) {
        withUnsafeBytes(of: value.bigEndian) { bytes.replaceSubrange(position..<(position + 4), with: $0) }
    }
}

/// Reads fields in order. Reading past the end answers zeros and remembers it, so a decoder checks once, at its end.
struct FieldReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private(set) var ranOut = false
    var hasMore: Bool { position < bytes.endIndex }

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func next<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
        let size = MemoryLayout<T>.size
        guard bytes.endIndex - position >= size else {
            ranOut = true
            return 0
        }
        var value: T = 0
        for byte in bytes[position..<(position + size)] { value = value << 8 | T(truncatingIfNeeded: byte) }
        position += size
        return value
    }

    mutating func next(count: Int) -> [UInt8] {
        guard count >= 0, bytes.endIndex - position >= count else {
            ranOut = true
            return []
        }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }
}
