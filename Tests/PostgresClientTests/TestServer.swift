import PostgresClient
import PrivateCluster

/// One server for all tests that do not stop it. It asks for a password, and prefers text forms that are not ours.
enum TestServer {
    static let password = "canary's \\ pass=word"

    private static let cluster = Result { () throws(PrivateClusterError) -> PrivateCluster in
        var options = ClusterOptions()
        options.password = password
        options.settings = [
            ("datestyle", "German"), ("intervalstyle", "iso_8601"), ("timezone", "Asia/Seoul"),
            ("bytea_output", "escape"),
            ("extra_float_digits", "0"), ("statement_timeout", "600000"),
        ]
        return try PrivateCluster(options)
    }

    static func conninfo(database: String = "postgres", user: String = "postgres", password: String? = nil) throws
        -> String
    {
        try cluster.get().conninfo(database: database, user: user, password: password)
    }

    static func connect(isReplication: Bool = false) throws -> PostgresConnection {
        try PostgresConnection(try conninfo(), ConnectionOptions(isReplication: isReplication))
    }
}
