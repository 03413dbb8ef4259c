import RecordFormat
import Synchronization

/// What groups have committed and is synced, for whoever asks.
package final class CommittedOffsets: Sendable {
    private let table: Mutex<OffsetTable>

    package init(_ table: OffsetTable = OffsetTable()) { self.table = Mutex(table) }

    package func withTable<Result: Sendable>(_ body: (inout OffsetTable) -> Result) -> Result {
        table.withLock { body(&$0) }
    }

    /// The lowest offset that a group has committed for a partition; `nil` if none has.
    func lowest(of name: TopicPartition) -> Offset? { table.withLock { $0.lowest(of: name) } }
}
