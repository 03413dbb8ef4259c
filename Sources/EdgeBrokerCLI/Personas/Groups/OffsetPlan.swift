import RecordFormat

/// Where groups are to go on, as `--export` prints it and `--from-file` takes it: lines of CSV, `topic,partition,offset`, with the group
/// in front where there are several.
struct OffsetPlan: Equatable {
    struct Line: Equatable {
        /// `nil`: the only group's.
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
        for (number, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if raw.allSatisfy(\.isWhitespace) { continue }
            guard let line = Self.line(raw) else {
                throw Failure(
                    .unusableData,
                    "\(file), line \(number + 1): expected topic,partition,offset, or group,topic,partition,offset. Take what --export prints."
                )
            }
            lines.append(line)
        }
        self.lines = lines
    }

    /// What is planned for one group.
    /// - Parameter isAlone: lines without a group are this one's.
    /// - Throws: a `Failure` if that is nothing, or if it is not clear.
    func lines(for group: String, isAlone: Bool, file: String) throws(Failure) -> [Line] {
        if !isAlone, lines.contains(where: { $0.group == nil }) {
            throw Failure(
                .usage, "\(file) has lines without a group, and several groups were named. Name the one that it is for."
            )
        }
        let own = lines.filter { $0.group ?? group == group }
        if own.isEmpty { throw Failure(.unusableData, "\(file) has no offset for group \(group). Check --from-file.") }
        return own
    }

    private static func line(_ raw: Substring) -> Line? {
        var rest = raw
        var fields: [String] = []
        while true {
            guard let field = field(&rest) else { return nil }
            fields.append(field)
            if rest.isEmpty { break }
            rest.removeFirst()
        }
        guard fields.count == 3 || fields.count == 4 else { return nil }
        let group = fields.count == 4 ? fields.removeFirst() : nil
        guard !fields[0].isEmpty, group?.isEmpty != true, let number = Int32(fields[1]), number >= 0,
            let offset = Int64(fields[2]), offset >= 0
        else { return nil }
        return Line(
            group: group, partition: TopicPartition(topic: fields[0], partition: number), offset: Offset(offset))
    }

    /// The next field; afterwards `rest` is empty or begins with the comma behind it.
    /// - Returns: `nil` if a quote is not closed, or something follows it.
    private static func field(_ rest: inout Substring) -> String? {
        rest = rest.drop { $0 == " " }
        guard rest.first == "\"" else {
            let field = rest.prefix { $0 != "," }
            rest = rest[field.endIndex...]
            return String(field.reversed().drop { $0 == " " }.reversed())
        }
        rest.removeFirst()
        var field = ""
        while let character = rest.popFirst() {
            if character != "\"" {
                field.append(character)
            } else if rest.first == "\"" {
                field.append(rest.removeFirst())
            } else {
                rest = rest.drop { $0 == " " }
                return rest.isEmpty || rest.first == "," ? field : nil
            }
        }
        return nil
    }
}
