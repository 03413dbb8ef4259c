import Glibc

/// An installed Postgres server: the folder with `initdb` and `postgres`.
package struct ServerBinaries: Sendable, Equatable {
    package static let oldestMajorVersion = 14

    package let folder: String
    package let majorVersion: Int

    package init(folder: String, majorVersion: Int) {
        self.folder = folder
        self.majorVersion = majorVersion
    }

    /// The newest usable server among what `PATH`, `pg_config` and the distributions' folders hold.
    ///
    /// - Parameter exactly: the only major version that will do, because a cluster was made by it.
    /// - Throws: `.noServerInstalled`, with the package to install.
    package static func find(exactly: Int? = nil) throws(PrivateClusterError) -> ServerBinaries {
        let found = candidateFolders().compactMap { inspect($0) }
        guard let best = newestUsable(found.filter { exactly == nil || $0.majorVersion == exactly }) else {
            let seen = found.map { "\($0.majorVersion) in \($0.folder)" }.joined(separator: ", ")
            let wanted = exactly.map { "\($0)" } ?? "\(oldestMajorVersion) or newer"
            throw PrivateClusterError(
                .noServerInstalled,
                "No Postgres server of version \(wanted) is installed" + (seen.isEmpty ? "." : " (found \(seen))."),
                remedy: "Install one: `apt-get install postgresql-\(exactly ?? 15)` on Debian.")
        }
        return best
    }

    static func newestUsable(_ found: [ServerBinaries]) -> ServerBinaries? {
        found.filter { $0.majorVersion >= oldestMajorVersion }.max { $0.majorVersion < $1.majorVersion }
    }

    /// `postgres (PostgreSQL) 15.18 (Debian …)` is 15.
    static func majorVersion(in versionLine: String) -> Int? {
        let words = versionLine.split(separator: " ")
        guard words.count >= 3, words[0] == "postgres" else { return nil }
        return Int(words[2].prefix { $0.isNumber })
    }

    private static func candidateFolders() -> [String] {
        var folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        // A client's pg_config names a folder that may hold no server.
        if let folder = ChildProcess.firstLine(of: ["pg_config", "--bindir"]) { folders.append(folder) }
        for root in ["/usr/lib/postgresql", "/usr/lib64/pgsql", "/usr/local/pgsql"] {
            folders += [root + "/bin"] + entries(root).map { root + "/" + $0 + "/bin" }
        }
        folders += entries("/usr").filter { $0.hasPrefix("pgsql-") }.map { "/usr/" + $0 + "/bin" }
        return folders
    }

    private static func inspect(_ folder: String) -> ServerBinaries? {
        guard access(folder + "/initdb", X_OK) == 0, access(folder + "/postgres", X_OK) == 0,
            let line = ChildProcess.firstLine(of: [folder + "/postgres", "--version"]),
            let version = majorVersion(in: line)
        else { return nil }
        return ServerBinaries(folder: folder, majorVersion: version)
    }

    private static func entries(_ folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }
    }
}
