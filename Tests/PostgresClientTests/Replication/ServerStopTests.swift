import Foundation
import PostgresClient
import PrivateCluster
import Testing

@Suite("When the server stops")
struct ServerStopTests {
    @Test("at once, stream and session are lost; after its start a new session works")
    func immediate() throws {
        let cluster = try PrivateCluster()
        let source = try StreamSource("t", conninfo: cluster.conninfo())
        let stream = try source.stream()
        try cluster.stop(.immediate)
        let streamError = #expect(throws: PostgresError.self) { while true { _ = try stream.nextFrame() } }
        #expect(streamError?.code == .connectionLost)
        let queryError = #expect(throws: PostgresError.self) { try source.connection.query("SELECT 1") }
        #expect(queryError?.code == .connectionLost)
        let connectError = #expect(throws: PostgresError.self) { try PostgresConnection(cluster.conninfo()) }
        #expect(connectError?.code == .unreachable)
        try cluster.start()
        #expect(try PostgresConnection(cluster.conninfo()).query("SELECT count(*) FROM t").single == "0")
    }

    @Test("in order, it waits until the stream has confirmed everything that it asks about")
    func fast() throws {
        let cluster = try PrivateCluster()
        let source = try StreamSource("t", conninfo: cluster.conninfo())
        let stream = try source.stream()
        try source.connection.query("INSERT INTO t VALUES (1, 'x')")
        Thread.detachNewThread {
            do { try cluster.stop(.fast) } catch { Issue.record(error) }
        }
        let error = #expect(throws: PostgresError.self) {
            while true {
                guard case .keepalive(let end, _, true)? = try stream.nextFrame() else { continue }
                try stream.sendStandbyStatus(StandbyStatus(written: end, flushed: end, applied: end))
            }
        }
        #expect(error?.code == .connectionLost)
        try cluster.start(walLevel: .replica)
        #expect(try PostgresConnection(cluster.conninfo()).query("SHOW wal_level").single == "replica")
    }
}
