import RecordFormat

/// Appends the lines of standard input to a topic, until they end.
struct LineProduction {
    let topic: String
    /// `nil`: by the key, or any.
    var partition: Int32?
    let format: LineFormat
    /// Nothing is said when all is well.
    var isQuiet = false

    func run(in place: any LogPlace) async throws {
        let view = try await place.topic(topic)
        if let partition { _ = try view.partition(partition) }
        let appender = try await place.appender(to: view)
        var producer = LineProducer(
            appender, partitionCount: view.partitions.count, partition: partition, format: format)
        do {
            try await append(to: &producer)
        } catch let error as CancellationError {
            // What was read is on its way.
            try await appender.finish()
            tell(appender)
            throw error
        }
        try await appender.finish()
        tell(appender)
    }

    private func append(to producer: inout LineProducer) async throws {
        let input = try StandardInput()
        let progress = ProgressLine()
        var splitter = LineSplitter(format.endings)
        while true {
            let bytes = try await input.next()
            let isAtEnd = bytes.isEmpty
            let complete = isAtEnd ? splitter.finish().map { [$0] } ?? [] : splitter.add(bytes)
            guard let lines = complete else {
                try await producer.appender.finish()
                throw Failure(
                    .unusableData,
                    "Line \(producer.taken + 1) is longer than \(LineSplitter.longest) bytes. The \(producer.taken) lines before it were appended."
                )
            }
            try await producer.append(
                lines, at: Timestamp(millisecondsSince1970: WallTime.now))
            if isAtEnd { return }
            let appended = producer.appender.appended
            if !isQuiet { progress.tell { "\(appended) records appended" } }
        }
    }

    private func tell(_ appender: any RecordAppender) {
        if isQuiet { return }
        let count = appender.appended
        Console.talk("Appended \(count) \(count == 1 ? "record" : "records") to topic \(topic).")
    }
}
