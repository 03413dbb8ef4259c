/// Cuts a stream of bytes into lines, without their ends.
struct LineSplitter {
    /// What ends a line.
    enum Endings: Sendable {
        /// `\n`: a `\r` before it belongs to the line.
        case lineFeed
        /// `\n`, `\r`, and `\r\n` as one, as Java reads lines.
        case any
    }

    /// Of a line, against a stream that has none.
    static let longest = 128 << 20

    private let endings: Endings
    private var rest: [UInt8] = []
    /// A `\n` that comes next belongs to the `\r` that has ended a line.
    private var isBehindReturn = false

    init(_ endings: Endings = .lineFeed) { self.endings = endings }

    /// - Returns: the lines that are complete now; `nil` if one is too long.
    mutating func add(_ bytes: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var start = 0
        if isBehindReturn, let first = bytes.first {
            isBehindReturn = false
            if first == Self.feed { start = 1 }
        }
        while let end = bytes[start...].firstIndex(where: isEnd) {
            lines.append(rest + bytes[start..<end])
            rest = []
            start = end + 1
            guard bytes[end] == Self.carriageReturn else { continue }
            if start == bytes.count {
                isBehindReturn = true
            } else if bytes[start] == Self.feed {
                start += 1
            }
        }
        rest += bytes[start...]
        return rest.count > Self.longest ? nil : lines
    }

    /// What follows the last line end, if something does.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }

    private static let (feed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == Self.feed || endings == .any && byte == Self.carriageReturn
    }
}
