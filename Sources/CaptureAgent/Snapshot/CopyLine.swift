package import ChangeEvents

/// A line of `COPY … TO STDOUT` in text format: columns between tabs, `\N` for NULL, and a backslash before what stands for
/// something else. <https://www.postgresql.org/docs/current/sql-copy.html>
///
/// It keeps its buffer from line to line.
package struct CopyLine: Sendable {
    /// The values' text, without escapes. The cells of the last ``decode(_:columns:)`` point into it.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// - Parameter line: with or without its line feed.
    /// - Throws: `.protocolViolation` unless it has exactly `columns` values.
    package mutating func decode(_ line: UnsafeRawBufferPointer, columns: Int) throws(CaptureError) -> TextTuple {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
        let end = line.last == UInt8(ascii: "\n") ? line.count - 1 : line.count
        var cells: [TextCell] = []
        cells.reserveCapacity(columns)
        // A table without columns has lines without values.
        if columns == 0, end == 0 { return TextTuple([]) }
        var at = 0
        while true {
            let (cell, next) = try value(line, at, end)
            guard cells.count < columns else { throw Self.malformed("more than \(columns) values") }
            cells.append(cell)
            if next == end { break }
            at = next + 1
        }
        guard cells.count == columns else { throw Self.malformed("\(cells.count) values instead of \(columns)") }
        return TextTuple(cells)
    }

    /// - Returns: the value from `start`, and where its tab or the line's end stands.
    private mutating func value(
        _ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int
    ) throws(CaptureError) -> (TextCell, Int) {
        let begin = bytes.count
        var copied = start
        var at = start
        while at < end, line[at] != UInt8(ascii: "\t") {
            guard line[at] == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            guard at + 1 < end else { throw Self.malformed("a backslash at its end") }
            if line[at + 1] == UInt8(ascii: "N") {
                guard at == start, at + 2 == end || line[at + 2] == UInt8(ascii: "\t") else {
                    throw Self.malformed("a NULL inside a text")
                }
                return (.null, at + 2)
            }
            bytes.append(contentsOf: line[copied..<at])
            bytes.append(try Self.meaning(line[at + 1]))
            at += 2
            copied = at
        }
        bytes.append(contentsOf: line[copied..<at])
        return (.text(start: begin, count: bytes.count - begin), at)
    }

    private static func meaning(_ escape: UInt8) throws(CaptureError) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "v"): 0x0b
        case UInt8(ascii: "\\"): escape
        // The server writes no other; octal and hexadecimal ones are only read by it.
        default: throw malformed("an unknown escape")
        }
    }

    private static func malformed(_ what: String) -> CaptureError {
        CaptureError(
            .protocolViolation, "A line of the snapshot has \(what).",
            remedy: "The snapshot begins anew; if this stays, report the server's version.")
    }
}
