import Logging

/// What a listener writes into its log, for whoever waits for it.
struct ListenerLog: Sendable {
    private let lines: AsyncStream<String>
    let logger: Logger

    init() {
        let (lines, feed) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        logger = Logger(label: "test") { _ in Handler(feed: feed) }
    }

    /// Waits for a line with `words` in it.
    func waitFor(_ words: String) async { _ = await lines.first { $0.contains(words) } }

    private struct Handler: LogHandler {
        let feed: AsyncStream<String>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { feed.yield("\(event.message) \(event.metadata ?? [:])") }
    }
}
