import ChangeEvents

/// Reads a flow's mapping against the table that it maps: what each column is made of.
final class MappingReader {
    private let mapping: TableMapping
    private let description: TableDescription
    /// Made for the first expression; a mapping of untouched columns needs none.
    private(set) var engine: ExpressionEngine?

    init(_ mapping: TableMapping, _ description: TableDescription) {
        self.mapping = mapping
        self.description = description
    }

    func columns() throws(MappingError) -> [TargetColumn] {
        let declared =
            mapping.columns
            ?? description.columns.map {
                TableMapping.Column(name: $0.name, expression: "\"\($0.name)\"")
            }
        guard !declared.isEmpty else {
            throw MappingError(.table, "\(description.table) has no columns to load.", remedy: "Map another table.")
        }
        var columns: [TargetColumn] = []
        for (index, column) in declared.enumerated() {
            if columns.contains(where: { $0.name.lowercased() == column.name.lowercased() }) {
                throw MappingError(
                    .column(column.name), "The target has this column already.",
                    remedy: "Column names must differ in more than upper and lower case.")
            }
            columns.append(mapping.columns == nil ? untouched(column.name, index) : try self.column(column))
        }
        return columns
    }

    private func untouched(_ name: String, _ index: Int) -> TargetColumn {
        TargetColumn(
            name: name, declaredType: TargetColumn.declaredType(of: description.columns[index].type.form),
            origin: .column(index),
            reads: [index], usesCommitTime: false)
    }

    private func column(_ column: TableMapping.Column) throws(MappingError) -> TargetColumn {
        do throws(ExpressionError) {
            if let index = try bareColumn(column.expression) { return untouched(column.name, index) }
            let program = try usedEngine().compile([column.expression])
            return TargetColumn(
                name: column.name, declaredType: try ExpressionType.declaredType(of: column.expression),
                origin: .expression(column.expression), reads: program.reads[0],
                usesCommitTime: program.usesCommitTime[0])
        } catch {
            throw MappingError(.column(column.name), error)
        }
    }

    func filterReads() throws(MappingError) -> Set<Int> {
        guard let filter = mapping.filter else { return [] }
        do throws(ExpressionError) {
            return try usedEngine().compile([filter]).reads[0]
        } catch {
            throw MappingError(.filter, error)
        }
    }

    private func usedEngine() throws(ExpressionError) -> ExpressionEngine {
        if let engine { return engine }
        let made = try ExpressionEngine(columns: description.columns.map { ExpressionColumn($0) })
        engine = made
        return made
    }

    /// The column that an expression only passes on: `x`, `"x"` or `new.x`.
    private func bareColumn(_ expression: String) throws(ExpressionError) -> Int? {
        var tokens = try SQLToken.split(expression)[...]
        if tokens.count == 3, tokens.first?.lowercased == "new", tokens.dropFirst().first?.isSymbol(".") == true {
            tokens = tokens.dropFirst(2)
        }
        guard tokens.count == 1, let token = tokens.first, token.kind == .name || token.kind == .quotedName else {
            return nil
        }
        return description.columns.firstIndex { $0.name == token.text }
            ?? description.columns.firstIndex { $0.name.lowercased() == token.lowercased }
    }
}

/// The type of a column that an expression fills, as far as the expression shows it.
enum ExpressionType {
    private static let texts: Set<String> = [
        "trim", "ltrim", "rtrim", "upper", "lower", "substr", "substring", "replace", "format", "printf", "hex",
        "at_zone",
        "commit_ts", "to_decimal", "decimal_add", "decimal_mul", "strftime", "date", "time", "datetime",
    ]

    /// `TEXT` for a call of a function that gives text, and otherwise none: whatever comes is kept as it is.
    static func declaredType(of expression: String) throws(ExpressionError) -> String? {
        let tokens = try SQLToken.split(expression)
        guard tokens.count > 2, tokens[0].kind == .name, texts.contains(tokens[0].lowercased), tokens[1].isSymbol("(")
        else {
            return nil
        }
        var depth = 0
        for (index, token) in tokens.enumerated() {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            if index > 1, depth == 0 { return index == tokens.count - 1 ? "TEXT" : nil }
        }
        return nil
    }
}
