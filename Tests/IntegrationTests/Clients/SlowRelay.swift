import Foundation
import Glibc

/// A port behind which there is a server, whose every answer comes later.
final class SlowRelay: Sendable {
    private struct NoSocket: Error {}

    /// `127.0.0.1:PORT`.
    let address: String

    private let listening: Int32

    /// Whoever connects waits until it has somewhere ``forward(to:delay:)``.
    init() throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listening >= 0, Self.withAddress(0, { bind(listening, $0, $1) }) == 0, listen(listening, 16) == 0 else {
            throw NoSocket()
        }
        var own = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listening, $0, &size) }
        }
        guard named == 0 else { throw NoSocket() }
        self.listening = listening
        address = "127.0.0.1:\(UInt16(bigEndian: own.sin_port))"
    }

    /// - Parameter target: `127.0.0.1:PORT`.
    func forward(to target: String, delay: Duration) {
        let port = UInt16(target.split(separator: ":").last ?? "") ?? 0
        Thread.detachNewThread { [listening] in
            while true {
                let client = accept(listening, nil, nil)
                let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                guard client >= 0, Self.withAddress(port, { connect(server, $0, $1) }) == 0 else { return }
                Thread.detachNewThread { Self.copy(client, server, .zero) }
                Thread.detachNewThread { Self.copy(server, client, delay) }
            }
        }
    }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private static func copy(_ source: Int32, _ target: Int32, _ delay: Duration) {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(source, &bytes, bytes.count, 0)
            usleep(UInt32(delay.components.attoseconds / 1_000_000_000_000))
            // Not SIGPIPE.
            if count <= 0 || send(target, bytes, count, Int32(MSG_NOSIGNAL)) != count { break }
        }
        shutdown(target, Int32(SHUT_RDWR))
    }
}

/// Blocking work off Swift's pool.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}
