import LogStore
import RecordFormat

/// Shows what is in the segments of a partition's folder, in their order.
struct PartitionDump {
    let folder: String
    let disk: any Disk

    /// The names of the folder's segments, oldest first.
    /// - Throws: a `Failure` that says what to name instead if it has none, and `DiskError`.
    private func segments(among names: [String]) throws -> [String] {
        let segments = names.filter { SegmentName.base(of: $0, suffix: ".log") != nil }.sorted()
        if !segments.isEmpty { return segments }
        guard names.contains(MetaProperties.fileName) else {
            throw Failure(
                .usage,
                "\(folder) has no segment (.log). Name a partition's folder of a data directory, such as DIR/erp.items-0, or one file of it."
            )
        }
        let partition = try names.sorted().first { name in
            let path = "\(folder)/\(name)"
            guard try disk.kind(of: path) == .directory else { return false }
            return try disk.list(path).contains { SegmentName.base(of: $0, suffix: ".log") != nil }
        }
        let example = partition.map { "such as \(folder)/\($0)" } ?? "but it has none yet"
        throw Failure(
            .usage,
            "\(folder) is a whole data directory. Name a partition's folder in it, \(example), or one file; `topic list --data-dir` tells what the log has."
        )
    }

    /// - Parameter format: as a table each segment is one of its own, under its name; otherwise every row names its file.
    /// - Returns: whether everything is as it should be.
    func show(records: Bool, _ format: OutputFormat) throws -> Bool {
        let names = try disk.list(folder)
        let segments = try segments(among: names)
        var isSound = true
        // One document for all; the other forms need not hold a whole partition in memory.
        var document: Listing?
        for name in names.filter({ SegmentName.base(of: $0, suffix: ".gap") != nil }).sorted() {
            Console.talk("note: \(name) names offsets that are lost; `log dump \(folder)/\(name)` shows which, and why")
        }
        for (number, name) in segments.enumerated() {
            let (rows, bad) = try SegmentDump(path: "\(folder)/\(name)", name: name, disk: disk).run(records: records)
            switch format {
            case .table: Console.data(Array(((number > 0 ? "\n" : "") + name + "\n" + rows.text(.table)).utf8))
            case .ndjson: Console.data(Array(Self.naming(name, rows).text(.ndjson).utf8))
            case .json:
                let named = Self.naming(name, rows)
                if document == nil { document = Listing(named.columns) }
                for row in named.rows { document?.add(row) }
            }
            for line in bad { Console.talk("\(name): \(line)") }
            isSound = isSound && bad.isEmpty
        }
        if let document { Console.data(Array(document.text(.json).utf8)) }
        return isSound
    }

    private static func naming(_ file: String, _ rows: Listing) -> Listing {
        var named = Listing(["file"] + rows.columns)
        for row in rows.rows { named.add([.text(file)] + row) }
        return named
    }
}
