/// How a private cluster differs from the default: throw-away, `wal_level=logical`, everybody trusted who can enter its
/// socket's folder.
package struct ClusterOptions: Sendable {
    package enum WALLevel: String, Sendable {
        case replica, logical
    }

    /// Kept when the cluster goes, and opened again if it has a cluster. Nil: a folder below /tmp that goes with it.
    package var directory: String?
    package var walLevel = WALLevel.logical
    /// False turns `fsync` off: the server may be killed all the same, only the whole computer may not.
    package var isDurable = false
    /// With a password for `postgres`, every session has to give one (SCRAM). Nil: no password.
    package var password: String?
    /// More `name = value` of postgresql.conf; wins over ours.
    package var settings: [(name: String, value: String)] = []

    package init(directory: String? = nil) { self.directory = directory }

    /// The server's `-c` arguments. Small: two of these fit beside a test run.
    func serverArguments(sockets: String) -> [String] {
        let own = [
            ("listen_addresses", ""), ("unix_socket_directories", sockets), ("unix_socket_permissions", "0700"),
            ("wal_level", walLevel.rawValue), ("fsync", isDurable ? "on" : "off"),
            ("max_wal_senders", "10"), ("max_replication_slots", "10"), ("max_connections", "40"),
            ("shared_buffers", "32MB"), ("logging_collector", "off"), ("log_destination", "stderr"),
        ]
        return (own + settings.map { ($0.name, $0.value) }).flatMap { ["-c", "\($0.0)=\($0.1)"] }
    }
}
