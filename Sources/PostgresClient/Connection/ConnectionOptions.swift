/// How to connect, besides what the connection text says. The text wins where both speak of keepalives, time-out or
/// application name.
package struct ConnectionOptions: Sendable {
    /// Shown in `pg_stat_activity`.
    package var applicationName: String
    /// A walsender session of the database: replication commands and simple statements only.
    package var isReplication: Bool
    /// For one host, name resolution not included. 10 s: a LAN answers in milliseconds, a waking VPN in seconds.
    package var timeout: Duration

    package init(applicationName: String = "edgebroker", isReplication: Bool = false, timeout: Duration = .seconds(10))
    {
        self.applicationName = applicationName
        self.isReplication = isReplication
        self.timeout = timeout
    }

    /// libpq takes the last value it sees for a keyword; an early one is a default.
    func parameters(_ text: String) -> [(String, String)] {
        [
            ("fallback_application_name", applicationName),
            // A plant notices a dead link to head office within a minute, in both directions.
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "60000"),
            ("dbname", text),
            ("client_encoding", "UTF8"),
        ] + (isReplication ? [("replication", "database")] : [])
    }
}
