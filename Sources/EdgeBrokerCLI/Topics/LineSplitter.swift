/// Cuts a stream of bytes into lines, without their ends.
struct LineSplitter {
    /// Of a line, against a stream that has none.
    static let longest = 128 << 20

    private var rest: [UInt8] = []

    /// - Returns: the lines that are complete now; `nil` if one is too long.
    mutating func add(_ bytes: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest + bytes[start..<end])
            rest = []
            start = end + 1
        }
        rest += bytes[start...]
        return rest.count > Self.longest ? nil : lines
    }

    /// What follows the last line end, if something does.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
