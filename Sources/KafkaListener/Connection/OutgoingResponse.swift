import KafkaWire
import LogStore
import NIOCore

/// An encoded response, and the parts of files that belong in its places.
struct OutgoingResponse: Sendable {
    let frame: EncodedFrame
    /// For each record field of the response, in order; a field without records has none.
    let records: [[LogSlice]]

    var size: Int { frame.size }

    /// What is to be written, in order: bytes, and regions of files that go out without passing through memory.
    func parts(_ allocator: ByteBufferAllocator) throws -> [Part] {
        var parts: [Part] = []
        for segment in frame.segments {
            switch segment {
            case .bytes(let range):
                var buffer = allocator.buffer(capacity: range.count)
                buffer.writeBytes(frame.bytes[range])
                parts.append(.bytes(buffer))
            case .records(let index, _):
                for slice in records[index] { parts.append(try Self.part(slice, allocator)) }
            }
        }
        return parts
    }

    enum Part {
        case bytes(ByteBuffer)
        case file(FileRegion, LogSlice)
    }

    private static func part(_ slice: LogSlice, _ allocator: ByteBufferAllocator) throws -> Part {
        if let descriptor = slice.file.descriptor {
            let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
            let region = FileRegion(
                fileHandle: handle, readerIndex: slice.position, endIndex: slice.position + slice.length)
            return .file(region, slice)
        }
        // A disk that the system does not know, as a test has it.
        var buffer = allocator.buffer(capacity: slice.length)
        var position = slice.position
        let end = slice.position + slice.length
        while position < end {
            let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: end - position) { memory in
                try slice.file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: memory[..<(end - position)]), at: position)
            }
            if count == 0 { throw EndOfFile() }
            position += count
        }
        return .bytes(buffer)
    }

    struct EndOfFile: Error {}
}
