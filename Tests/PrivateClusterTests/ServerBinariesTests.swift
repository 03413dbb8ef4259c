import Testing

@testable import PrivateCluster

@Suite("Installed server binaries")
struct ServerBinariesTests {
    @Test(
        "are known by the line that `postgres --version` prints",
        arguments: [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15), ("postgres (PostgreSQL) 9.6.24", 9),
            ("postgres (PostgreSQL) 19beta1", 19), ("psql (PostgreSQL) 15.18", nil), ("", nil),
        ] as [(String, Int?)])
    func version(line: String, expected: Int?) {
        #expect(ServerBinaries.majorVersion(in: line) == expected)
    }

    @Test("are the newest that is not too old")
    func newest() {
        func installed(_ versions: Int...) -> [ServerBinaries] {
            versions.map { ServerBinaries(folder: "/pg\($0)", majorVersion: $0) }
        }
        #expect(ServerBinaries.newestUsable(installed(13, 17, 15))?.majorVersion == 17)
        #expect(ServerBinaries.newestUsable(installed(9, 13)) == nil)
    }

    @Test("that are missing name the package to install")
    func missing() {
        let error = #expect(throws: PrivateClusterError.self) { try ServerBinaries.find(exactly: 99) }
        #expect(error?.code == .noServerInstalled)
        #expect(error?.remedy.contains("apt-get install postgresql-99") == true)
    }
}
