import Synchronization

/// A partition's writer and the lock around it: the committing thread takes it for each step of a round, and so does whoever
/// appends to a buffered partition. Nobody holds it while a file is being synced.
final class SharedWriter: Sendable {
    private let core: Mutex<PartitionWriter>

    init(_ writer: consuming sending PartitionWriter) { core = Mutex(writer) }

    /// - Parameter body: not a key path, which would copy the whole writer for one of its parts.
    func withLock<Result: Sendable, Failure: Error>(
        _ body: (inout PartitionWriter) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try core.withLock { (writer: inout sending PartitionWriter) throws(Failure) in try body(&writer) }
    }
}
