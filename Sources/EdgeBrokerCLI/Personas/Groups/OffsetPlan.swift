import RecordFormat

/// Where groups are to go on, as `--export` prints it and `--from-file` takes it: lines of CSV, `topic,partition,offset`, with the group
/// in front unless one alone was named.
struct OffsetPlan: Equatable {
    struct Line: Equatable {
        /// `nil`: the one group's that was named.
        let group: String?
        let partition: TopicPartition
        let offset: Offset

        /// In quotes where CSV needs them: a topic's name never does.
        var text: String {
            let needsQuotes = group?.contains { $0 == "," || $0 == "\"" || $0.isWhitespace } == true
            let name = group.map { needsQuotes ? "\"\($0.replacing("\"", with: "\"\""))\"," : "\($0)," } ?? ""
            return "\(name)\(partition.topic),\(partition.partition),\(offset)"
        }
    }

    let lines: [Line]

    init(_ lines: [Line]) { self.lines = lines }

    /// - Throws: a `Failure` that names the first line which is none.
    init(csv text: String, file: String) throws(Failure) {
        var lines: [Line] = []
        var rest = text[...]
        var number = 1
        while !rest.isEmpty {
            let row = rest
            let fields = Self.fields(&rest)
            if fields != [""] {
                guard let line = fields.flatMap(Self.line) else {
                    throw Failure(
                        .unusableData,
                        "\(file), line \(number): expected topic,partition,offset, or group,topic,partition,offset. Take what --export prints."
                    )
                }
                lines.append(line)
            }
            // More than one where a quoted name has lines.
            number += row[..<rest.startIndex].count(where: \.isNewline)
        }
        self.lines = lines
    }

    /// What is planned for one group, which may be nothing.
    /// - Parameter isOnly: it alone was named: lines without a group are its own.
    /// - Throws: a `Failure` if that is not clear.
    func lines(for group: String, isOnly: Bool, file: String) throws(Failure) -> [Line] {
        if !isOnly, lines.contains(where: { $0.group == nil }) {
            throw Failure(
                .usage, "\(file) has lines without a group. Name the one that it is for, with --group.")
        }
        return lines.filter { $0.group ?? group == group }
    }

    private static func line(_ fields: [String]) -> Line? {
        guard fields.count == 3 || fields.count == 4 else { return nil }
        let group = fields.count == 4 ? fields[0] : nil
        let rest = fields.suffix(3).map { $0 }
        guard !rest[0].isEmpty, group?.isEmpty != true, let number = Int32(rest[1]), number >= 0,
            let offset = Int64(rest[2]), offset >= 0
        else { return nil }
        return Line(group: group, partition: TopicPartition(topic: rest[0], partition: number), offset: Offset(offset))
    }

    /// The fields of the next line; afterwards `rest` begins behind it.
    /// - Returns: `nil` if one of them is none, and then `rest` begins somewhere.
    private static func fields(_ rest: inout Substring) -> [String]? {
        var fields: [String] = []
        while let field = field(&rest) {
            fields.append(field)
            if rest.popFirst() != "," { return fields }
        }
        return nil
    }

    /// The next field; afterwards `rest` is empty, or begins with the comma or the line's end behind it.
    /// - Returns: `nil` if a quote is not closed, or something follows it.
    private static func field(_ rest: inout Substring) -> String? {
        func isBlank(_ character: Character) -> Bool { character.isWhitespace && !character.isNewline }
        rest = rest.drop(while: isBlank)
        guard rest.first == "\"" else {
            let field = rest.prefix { $0 != "," && !$0.isNewline }
            rest = rest[field.endIndex...]
            return String(field.reversed().drop(while: isBlank).reversed())
        }
        rest.removeFirst()
        var field = ""
        while let character = rest.popFirst() {
            if character != "\"" {
                field.append(character)
            } else if rest.first == "\"" {
                field.append(rest.removeFirst())
            } else {
                rest = rest.drop(while: isBlank)
                return rest.first.map { $0 == "," || $0.isNewline } ?? true ? field : nil
            }
        }
        return nil
    }
}
