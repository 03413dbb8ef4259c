import KafkaClient
import RecordFormat

/// Turns what comes of several partitions into steps, and keeps account of which are still wanted. Decides only.
struct ReadBatches {
    enum Step: Equatable {
        case records(TopicPartition, [StoredRecord], TimestampKind = .created)
        case end(TopicPartition, Offset)
        /// The record at this offset cannot be read.
        case damage(TopicPartition, Offset, KafkaClientError)
        /// The offset is not, or not any more, in the partition.
        case gone(TopicPartition, Offset, KafkaClientError)
        case failure(KafkaClientError)
    }

    private var windows: [TopicPartition: ReadingWindow] = [:]
    private var positions: [TopicPartition: Offset] = [:]
    private var finished: [TopicPartition] = []
    private let until: Timestamp?

    init(until: Timestamp?) { self.until = until }

    /// Nothing more is wanted.
    var isOver: Bool { windows.isEmpty }

    mutating func open(_ partition: TopicPartition, at offset: Offset) {
        if windows[partition] == nil { windows[partition] = ReadingWindow(until: until) }
        positions[partition] = offset
    }

    mutating func close(_ partition: TopicPartition) {
        if windows.removeValue(forKey: partition) != nil { finished.append(partition) }
    }

    /// Partitions that were closed since the last call.
    mutating func takeFinished() -> [TopicPartition] {
        defer { finished = [] }
        return finished
    }

    /// Records of one partition that come together, with times of one kind, stay together; what comes of partitions that are not wanted is left out.
    func steps(_ events: [ReadEvent]) -> [Step] {
        var steps: [Step] = []
        var batch: (partition: TopicPartition, kind: TimestampKind, records: [StoredRecord])?
        func flush() {
            if let ready = batch { steps.append(.records(ready.partition, ready.records, ready.kind)) }
            batch = nil
        }
        for event in events {
            if case .record(let partition, let stored, let kind) = event {
                guard windows[partition] != nil else { continue }
                if batch?.partition != partition || batch?.kind != kind { flush() }
                if batch == nil { batch = (partition, kind, []) }
                batch?.records.append(stored)
                continue
            }
            flush()
            switch event {
            case .record, .away, .back: break
            case .end(let partition, let offset): if windows[partition] != nil { steps.append(.end(partition, offset)) }
            case .trouble(let error): steps.append(.failure(error))
            case .failure(let partition, let offset, let error):
                guard windows[partition] != nil else { continue }
                let place = offset ?? positions[partition] ?? .zero
                switch error.code {
                case .damaged: steps.append(.damage(partition, place, error))
                case .offsetOutOfRange: steps.append(.gone(partition, place, error))
                default: steps.append(.failure(error))
                }
            }
        }
        flush()
        return steps
    }

    /// Prints what is wanted of them.
    /// - Returns: the offset behind the last that was dealt with.
    @discardableResult
    mutating func show(
        _ records: [StoredRecord], of partition: TopicPartition, timed kind: TimestampKind = .created,
        by printer: RecordPrinter
    ) -> Offset? {
        guard var window = windows[partition], let last = records.last else { return nil }
        let unhandled = printer.show(records, of: partition, timed: kind, in: &window)
        windows[partition] = window
        let next = unhandled ?? last.offset.advanced(by: 1)
        positions[partition] = next
        if window.isOver { close(partition) }
        return next
    }
}
