import Glibc

/// Reads a file of `ACK` lines of any length, a piece at a time.
enum AcknowledgementFile {
    static func read(_ path: String, _ body: (Acknowledgement) -> Void) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            pending += chunk[..<count]
            // A kill may have cut the last line; if it is whole all the same, it counts.
            let end = count == 0 ? pending.endIndex : (pending.lastIndex(of: 0x0A) ?? pending.startIndex)
            for line in pending[..<end].split(separator: 0x0A) {
                if let acknowledgement = Acknowledgement(String(decoding: line, as: UTF8.self)) {
                    body(acknowledgement)
                }
            }
            if count == 0 { return }
            pending.removeSubrange(..<end)
        }
    }

    private static func failure(_ path: String) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure(.inputOutput, "\(path) cannot be read: \(reason). Check the path of --acks.")
    }
}
