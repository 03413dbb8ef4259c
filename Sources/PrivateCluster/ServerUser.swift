import Glibc

/// Who the server runs as: ourselves, or, since Postgres refuses root, a user without rights.
struct ServerUser: Sendable {
    let user: uid_t
    let group: gid_t
    /// What stands before a command to become that user. `setpriv` replaces itself by the command, so the process that
    /// we start is the one that we later stop.
    let prefix: [String]

    static func choose() throws(PrivateClusterError) -> ServerUser {
        guard geteuid() == 0 else { return ServerUser(user: geteuid(), group: getegid(), prefix: []) }
        for name in ["postgres", "nobody"] {
            var entry = passwd()
            var result: UnsafeMutablePointer<passwd>?
            var buffer = [CChar](repeating: 0, count: 16_384)
            guard getpwnam_r(name, &entry, &buffer, buffer.count, &result) == 0, result != nil else { continue }
            for folder in ["/usr/bin", "/bin"] where access(folder + "/setpriv", X_OK) == 0 {
                let prefix = [
                    folder + "/setpriv", "--reuid=\(entry.pw_uid)", "--regid=\(entry.pw_gid)", "--clear-groups", "--",
                ]
                return ServerUser(user: entry.pw_uid, group: entry.pw_gid, prefix: prefix)
            }
        }
        throw PrivateClusterError(
            .cannotLeaveRoot,
            "Postgres refuses to run as root, and there is no `setpriv` or no user `postgres` or `nobody`.",
            remedy: "Run this as an ordinary user, or install `util-linux`.")
    }
}
