/// Rows of the same fields, printed as a table, a JSON array, or a JSON object a line.
struct Listing: Sendable {
    let columns: [String]
    private(set) var rows: [[JSONValue]] = []

    init(_ columns: [String]) { self.columns = columns }

    mutating func add(_ row: [JSONValue]) {
        precondition(row.count == columns.count, "A row of \(row.count) values has \(columns.count) columns")
        rows.append(row)
    }

    var objects: [JSONValue] { rows.map { .object(Array(zip(columns, $0))) } }

    func text(_ format: OutputFormat) -> String {
        switch format {
        case .json: JSONValue.array(objects).encoded + "\n"
        case .ndjson: objects.map { $0.encoded + "\n" }.joined()
        case .table: table
        }
    }

    private var table: String {
        let cells = [columns.map { $0.uppercased().replacing("_", with: " ") }] + rows.map { $0.map(Self.cell) }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                // Nothing is padded at the end of a line.
                if column + 1 < row.count { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line + "\n"
        }.joined()
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: "-"
        case .text(let text): text
        default: value.encoded
        }
    }
}
