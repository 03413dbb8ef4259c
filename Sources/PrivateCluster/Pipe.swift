import CPlatform
import Glibc
import Synchronization

/// A pipe whose ends our other children do not inherit.
final class Pipe: Sendable {
    let readEnd: Int32
    private let openWriteEnd: Mutex<Int32?>

    init() throws(PrivateClusterError) {
        var ends: [Int32] = [-1, -1]
        guard edgebroker_pipe(&ends) == 0 else {
            throw PrivateClusterError(
                .noResources, "Cannot create a pipe (errno \(errno)).", remedy: "Raise the limit of open files.")
        }
        readEnd = ends[0]
        openWriteEnd = Mutex(ends[1])
    }

    deinit {
        _ = close(readEnd)
        closeWriteEnd()
    }

    var writeEnd: Int32 { openWriteEnd.withLock { $0 } ?? -1 }

    func closeWriteEnd() {
        openWriteEnd.withLock { end in
            if let end { _ = close(end) }
            end = nil
        }
    }

    /// Writes a short line; nobody may be reading any more.
    func tell(_ line: String) {
        var bytes = Array((line + "\n").utf8)
        _ = write(writeEnd, &bytes, bytes.count)
    }
}
