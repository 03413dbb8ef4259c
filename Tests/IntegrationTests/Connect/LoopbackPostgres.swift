import Foundation
import PostgresClient
import PrivateCluster

/// A Postgres of our own that also listens on a port of the loopback interface, with a password: Java knows no Unix sockets.
final class LoopbackPostgres {
    let port: Int
    let password = UUID().uuidString
    private let cluster: PrivateCluster

    init(folder: String) throws {
        port = try FreePort.find()
        // The cluster's own rules let nobody in over the network.
        let rules = folder + "/pg_hba.conf"
        try Data("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n".utf8)
            .write(to: URL(fileURLWithPath: rules))
        var options = ClusterOptions()
        options.password = password
        options.settings = [("listen_addresses", "127.0.0.1"), ("port", "\(port)"), ("hba_file", rules)]
        cluster = try PrivateCluster(options)
    }

    /// By the Unix socket, whose name has the port in it.
    func connect() throws -> PostgresConnection { try PostgresConnection(cluster.conninfo() + " port=\(port)") }
}
