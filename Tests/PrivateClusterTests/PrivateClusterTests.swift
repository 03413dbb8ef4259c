import Glibc
import Testing

@testable import PrivateCluster

@Suite("A private cluster")
struct PrivateClusterTests {
    @Test("starts, survives a crash, listens on no port and leaves nothing behind")
    func life() throws {
        var cluster: PrivateCluster? = try PrivateCluster()
        let sockets = try #require(cluster?.conninfo().split(separator: "'").dropFirst().first.map(String.init))
        try cluster?.restart(.immediate)
        #expect(access(sockets + "/.s.PGSQL.5432", F_OK) == 0)
        try cluster?.stop(.fast)
        #expect(access(sockets + "/.s.PGSQL.5432", F_OK) == -1)
        cluster = nil
        #expect(access(sockets, F_OK) == -1)
    }

    @Test("that cannot start says why, in one line")
    func cannotStart() {
        var options = ClusterOptions()
        options.settings = [("shared_buffers", "plenty")]
        let error = #expect(throws: PrivateClusterError.self) { try PrivateCluster(options) }
        #expect(error?.code == .start)
        #expect(error?.message.contains("shared_buffers") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test("in a folder of one's own is kept, and opened again")
    func keptFolder() throws {
        var template = Array("/tmp/edgebroker-test-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        #expect(chmod(folder, 0o755) == 0)
        defer { ClusterFolders.remove(folder) }
        for _ in 1...2 {
            let cluster = try PrivateCluster(ClusterOptions(directory: folder + "/erp"))
            try cluster.stop(.fast)
        }
        #expect(access(folder + "/erp/data/PG_VERSION", F_OK) == 0)
    }
}
