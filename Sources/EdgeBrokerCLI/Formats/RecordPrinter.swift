import KafkaClient
import RecordFormat
import Synchronization

/// Prints records, from any number of partitions at once, until there are enough.
final class RecordPrinter: Sendable {
    private let layout: RecordLayout
    private let budget: ConsumeBudget
    private let output: @Sendable ([UInt8]) -> Void
    private let count = Mutex(0)

    /// - Parameter max: `nil`: there are never enough.
    init(_ layout: RecordLayout, max: Int?, output: @escaping @Sendable ([UInt8]) -> Void = { Console.data($0) }) {
        self.layout = layout
        self.output = output
        budget = ConsumeBudget(max)
    }

    var isFull: Bool { budget.isSpent }

    /// How many were printed.
    var printed: Int { count.withLock { $0 } }

    /// Prints those that `window` admits.
    /// - Returns: the offset behind the last one that was dealt with, if it is not the last of them; otherwise `nil`.
    func show(
        _ records: [StoredRecord], of partition: TopicPartition, timed kind: TimestampKind = .created,
        in window: inout ReadingWindow
    ) -> Offset? {
        var bytes: [UInt8] = []
        var printed = 0
        var unhandled: Offset?
        for stored in records {
            let isWanted = window.admits(stored.record.timestamp)
            if window.isOver || isWanted && budget.take(1) == 0 {
                unhandled = stored.offset
                break
            }
            guard isWanted else { continue }
            bytes += layout.bytes(stored, partition, kind)
            printed += 1
        }
        if !bytes.isEmpty { output(bytes) }
        count.withLock { $0 += printed }
        return unhandled
    }
}
