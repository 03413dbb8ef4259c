import LogStore
import Synchronization

/// A file that is only read, and remembers whether someone asked for bytes that are none of theirs.
final class MemoryFile: DiskFile {
    let path = "segment.log"
    private let bytes: [UInt8]
    private let limit: Int
    private let overreach = Mutex<Range<Int>?>(nil)

    /// - Parameter limit: nothing from here on is the reader's.
    init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// The first read beyond the limit, of nothing, or before the start.
    var misread: Range<Int>? { overreach.withLock { $0 } }

    func size() -> Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        if position < 0 || buffer.isEmpty || position + buffer.count > limit {
            overreach.withLock { $0 = $0 ?? position..<(position + buffer.count) }
        }
        let count = max(0, min(buffer.count, bytes.count - position))
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<(position + count)]))
        }
        return count
    }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int { bytes.count }
    func truncate(to size: Int) {}
    func preallocate(_ size: Int) {}
    func sync() {}
    func close() {}
}
