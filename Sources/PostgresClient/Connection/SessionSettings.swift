/// What every session of ours sets before anything else, so that the same value has the same text whatever the server,
/// the database, the role or our environment prefer. Works on walsender sessions too.
enum SessionSettings {
    /// DESIGN D9: the text forms.
    static let textForms = [
        ("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("TimeZone", "UTC"), ("extra_float_digits", "3"),
        ("bytea_output", "hex"), ("client_encoding", "UTF8"), ("lc_monetary", "C"),
    ]

    /// A role's own limits are made for applications. They would cut a long COPY, or the idle session that holds the
    /// snapshot which others copy from.
    static let limits = [
        ("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0"), ("idle_session_timeout", "0"),
    ]

    /// By SET, not by `options` in the startup packet: PGTZ and PGDATESTYLE of our environment would win over those, and
    /// connection poolers refuse them.
    static var statement: String {
        (textForms + limits).map { "SET \($0.0) = '\($0.1)'" }.joined(separator: "; ")
    }
}
