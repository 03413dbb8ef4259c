import Glibc
import Testing

@testable import PrivateCluster

@Suite("A watched process")
struct WatchedProcessTests {
    @Test(
        "is killed, and its folders are removed, when its owner is gone",
        arguments: [["sleep", "600"], ["sh", "-c", "trap '' QUIT; sleep 1"]])
    func ownerGone(command: [String]) throws {
        let folder = try temporaryFolder()
        let watcher = try Pipe()
        let process = try WatchedProcess(
            command, as: [], log: watcher.writeEnd, folders: [folder, folder + "2"])
        let id = process.id
        process.abandon()
        // The watcher is gone once nobody holds the other end.
        watcher.closeWriteEnd()
        var status: Int32 = 0
        #expect(waitpid(id, &status, 0) == id)
        waitForEnd(watcher)
        #expect(access(folder, F_OK) == -1)
    }

    @Test("that ends before its owner keeps its folders", arguments: [("true", true), ("false", false)])
    func endsFirst(command: String, isSuccess: Bool) throws {
        let folder = try temporaryFolder()
        defer { ClusterFolders.remove(folder) }
        let watcher = try Pipe()
        var process = try WatchedProcess([command], as: [], log: watcher.writeEnd, folders: [folder])
        watcher.closeWriteEnd()
        let hasSucceeded = process.succeeded()
        #expect(hasSucceeded == isSuccess)
        process.abandon()
        waitForEnd(watcher)
        #expect(access(folder, F_OK) == 0)
    }

    private func temporaryFolder() throws -> String {
        var template = Array("/tmp/edgebroker-test-XXXXXX".utf8CString)
        return try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    private func waitForEnd(_ pipe: Pipe) {
        var byte: UInt8 = 0
        #expect(read(pipe.readEnd, &byte, 1) == 0)
    }
}
