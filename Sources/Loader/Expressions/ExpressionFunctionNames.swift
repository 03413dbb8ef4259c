/// The functions that expressions may call, and what to write in place of those that people will look for.
enum ExpressionFunctionNames {
    /// SQLite's own that give the same result for the same row at any time and on any machine. What SQLite's LIKE, GLOB, `->` and
    /// `->>` call is listed by the name it has there.
    static let builtIn: Set<String> = [
        "abs", "char", "coalesce", "format", "glob", "hex", "ifnull", "iif", "instr", "json", "json_array",
        "json_array_length", "json_extract", "json_object", "json_quote", "json_type", "json_valid", "length", "like",
        "ltrim",
        "max", "min", "nullif", "printf", "quote", "replace", "round", "rtrim", "sign", "substr", "substring", "trim",
        "typeof",
        "unicode", "->", "->>", "ceil", "ceiling", "floor", "trunc", "mod", "pow", "power", "sqrt",
    ]
    /// Repeatable unless they are asked for the current time or the machine's zone.
    static let dates: Set<String> = ["date", "time", "datetime", "julianday", "strftime"]
    /// Ours, whose results are decimals as text.
    static let decimals: Set<String> = ["to_decimal", "decimal_add", "decimal_mul"]
    /// Give one of their arguments back as it is.
    static let passing: Set<String> = ["coalesce", "ifnull", "nullif", "iif", "min", "max"]
    static let own: Set<String> = decimals.union(["upper", "lower", "at_zone", "commit_ts"])

    static let allowed = builtIn.union(dates).union(own)

    /// Clocks and dice.
    static let notRepeatable: [String: String] = [
        "now": "commit_ts()", "clock_timestamp": "commit_ts()", "statement_timestamp": "commit_ts()",
        "transaction_timestamp": "commit_ts()", "current_timestamp": "commit_ts()",
        "current_date": "substr(commit_ts(), 1, 10)",
        "current_time": "substr(commit_ts(), 12, 8)", "localtimestamp": "at_zone(commit_ts(), 'Europe/Berlin')",
        "localtime": "at_zone(commit_ts(), 'Europe/Berlin')", "unixepoch": "strftime('%s', commit_ts())",
        "random": "a column of the row", "randomblob": "a column of the row", "gen_random_uuid": "a column of the row",
        "uuid_generate_v4": "a column of the row", "changes": "a column of the row",
        "total_changes": "a column of the row",
        "last_insert_rowid": "a column of the row",
    ]
    /// Postgres' names for what SQLite calls otherwise.
    static let replacements: [String: String] = [
        "concat": "a || b", "left": "substr(x, 1, n)", "right": "substr(x, -n)", "btrim": "trim(x)",
        "nvl": "coalesce(x, y)",
        "greatest": "max(x, y)", "least": "min(x, y)", "char_length": "length(x)", "character_length": "length(x)",
        "position": "instr(text, part)", "strpos": "instr(text, part)",
        "to_char": "format('%…', x) or strftime('%…', x)",
        "to_number": "to_decimal(x, p, s)", "decimal": "to_decimal(x, p, s)", "numeric": "to_decimal(x, p, s)",
        "chr": "char(x)", "ascii": "unicode(x)", "extract": "strftime('%…', x)", "date_part": "strftime('%…', x)",
        "date_trunc": "strftime('%…', x)", "if": "iif(x, y, z)", "timezone": "at_zone(x, 'Europe/Berlin')",
    ]
}
