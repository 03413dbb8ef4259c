/// How a ``Producer`` gathers records into batches. The defaults suit one producer of many tasks.
public struct ProducerConfiguration: Sendable {
    /// Bytes at which a batch is sent although one before it is still on its way: 1 KiB to 64 MiB. A larger record makes a batch of its
    /// own.
    public var batchBytes = 256 << 10
    /// How long the first record of a batch waits for company when nothing of its partition is on its way: 0 to 1 minute. With 0 it goes
    /// at once, and what comes while it is being synced makes the next batch: a busy producer fills batches without any delay.
    public var linger = Duration.zero
    /// Bytes of records that may wait for their acknowledgement; a further ``Producer/send(_:to:partition:)`` waits for room. 64 KiB or
    /// more.
    public var bufferBytes = 32 << 20
    /// Batches are compressed with this; a batch that would become larger stays as it is.
    public var compression = Compression.none

    public init() {}

    static let batchByteRange = 1024...(64 << 20)
    static let lingers: ClosedRange<Duration> = .zero ... .seconds(60)
    static let smallestBuffer = 64 << 10

    /// - Throws: `.invalidConfiguration` with every mistake in one line.
    func check() throws(BrokerError) {
        var mistakes: [String] = []
        if !Self.batchByteRange.contains(batchBytes) {
            mistakes.append("batchBytes is 1024 to 67108864, not \(batchBytes)")
        }
        if !Self.lingers.contains(linger) { mistakes.append("linger is 0 to 60 s, not \(linger)") }
        if bufferBytes < Self.smallestBuffer { mistakes.append("bufferBytes is 65536 or more, not \(bufferBytes)") }
        if mistakes.isEmpty { return }
        throw BrokerError(
            .invalidConfiguration, "A producer cannot work so: \(mistakes.joined(separator: "; ")).",
            remedy: "The defaults are a good beginning.")
    }
}
