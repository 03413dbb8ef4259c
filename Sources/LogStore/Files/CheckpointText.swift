/// The form of Kafka's checkpoint files, text of UTF-8 lines that end in a line feed.
///
/// | line | meaning            |
/// |-----:|:-------------------|
/// |    1 | version, 0         |
/// |    2 | number of entries  |
/// |  3 … | one entry a line, its fields apart by one space |
enum CheckpointText {
    static func encoded(_ entries: [String]) -> [UInt8] {
        Array((["0", "\(entries.count)"] + entries).map { $0 + "\n" }.joined().utf8)
    }

    /// - Returns: the fields of each entry; `nil` if the bytes are no such text, or not all of one.
    static func entries(of bytes: [UInt8], fields: Int) -> [[Substring]]? {
        guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines[0] == "0", Int(lines[1]) == lines.count - 2 else { return nil }
        let entries = lines[2...].map { $0.split(separator: " ", omittingEmptySubsequences: false) }
        return entries.allSatisfy { $0.count == fields } ? entries : nil
    }
}
