/// Why bytes are no pgoutput message, and at which byte.
package struct PgOutputFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let what: String
    package let position: Int

    package var description: String { "\(what) at byte \(position)" }
}

/// Reads the fields of one message in order, never beyond its end.
struct PgOutputReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var bytesLeft: Int { bytes.count - position }

    func fault(_ what: String) -> PgOutputFault { PgOutputFault(what: what, position: position) }

    @inline(__always)
    mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(PgOutputFault) -> T {
        let size = MemoryLayout<T>.size
        guard bytesLeft >= size else { throw fault("an early end") }
        defer { position += size }
        return T(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }

    mutating func text() throws(PgOutputFault) -> String {
        guard let end = bytes[position...].firstIndex(of: 0) else { throw fault("a text without an end") }
        guard let text = String(validating: bytes[position..<end], as: UTF8.self) else {
            throw fault("text that is not UTF-8")
        }
        position = end + 1
        return text
    }

    /// A length of 4 bytes, then as many bytes.
    @inline(__always)
    mutating func block() throws(PgOutputFault) -> Range<Int> {
        let length = Int(try integer(Int32.self))
        guard length >= 0, length <= bytesLeft else { throw fault("a length of \(length)") }
        defer { position += length }
        return position..<(position + length)
    }
}
