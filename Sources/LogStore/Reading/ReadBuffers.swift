import Synchronization

/// Memory for reading, used again and again: a fresh megabyte for every read costs more in page faults than its copy.
final class ReadBuffers: Sendable {
    /// As many readers as find one at the same time; the others take fresh memory.
    private static let most = 4
    /// One that a large batch has made larger is not kept.
    private static let largest = 1 << 20

    private let free = Mutex<[[UInt8]]>([])

    func take() -> [UInt8] { free.withLock { $0.popLast() ?? [] } }

    func giveBack(_ buffer: consuming [UInt8]) {
        let buffer = consume buffer
        if buffer.isEmpty || buffer.count > Self.largest { return }
        free.withLock { if $0.count < Self.most { $0.append(buffer) } }
    }
}
