import Foundation
import Glibc

/// Reads standard input on a thread of its own, and lets go of it when its task is cancelled: a terminal may never send another
/// byte.
final class StandardInput: Sendable {
    private static let most = 1 << 20

    /// What is written here ends a wait.
    private let wake: (read: Int32, write: Int32)

    /// - Throws: a `Failure` if the system has no descriptors left.
    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Failure(.inputOutput, "Cannot wait for standard input: \(String(cString: strerror(errno))).")
        }
        wake = (ends[0], ends[1])
    }

    deinit {
        close(wake.read)
        close(wake.write)
    }

    /// The next bytes, as soon as there are some.
    /// - Returns: nothing at the end.
    /// - Throws: `CancellationError`, or a `Failure` if it cannot be read.
    func next() async throws -> [UInt8] {
        try await withTaskCancellationHandler {
            try await onOwnThread { try self.read() }
        } onCancel: {
            var byte: UInt8 = 1
            _ = Glibc.write(wake.write, &byte, 1)
        }
    }

    private func read() throws -> [UInt8] {
        var waited = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&waited, 2, -1) < 0 {
            if errno != EINTR { throw Self.failure() }
        }
        if waited[1].revents != 0 { throw CancellationError() }
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.most) { buffer, initialized in
                count = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
                initialized = max(0, count)
            }
            if count >= 0 { return bytes }
            if errno != EINTR { throw Self.failure() }
        }
    }

    private static func failure() -> Failure {
        Failure(.inputOutput, "Standard input cannot be read: \(String(cString: strerror(errno))).")
    }
}
