import LogStore
import RecordFormat

extension LogDirectory {
    /// Reads the records of a partition, published or not, and steps over damage. Blocking.
    ///
    /// - Parameter start: `nil` is the log start.
    /// - Throws: `.storage` if the disk refuses.
    func forEachRecord(
        of partition: Partition, from start: Offset? = nil, upTo end: Offset, damaged: (BrokerError) -> Void,
        _ body: (StoredRecord) -> Void
    ) throws(BrokerError) {
        var next = max(start ?? .zero, partition.logStart)
        while next < end {
            do throws(LogStoreError) {
                let read = try read(partition, from: next, upTo: end, maxBytes: 1 << 20)
                for batch in read.batches {
                    let records = batch.withUnsafeBytes { bytes -> [StoredRecord]? in try? decodeRecords(bytes) }
                    guard let records else {
                        damaged(
                            BrokerError(
                                .corrupt, "\(partition.topicPartition) has a batch that does not decode.", remedy: ""))
                        continue
                    }
                    for record in records where record.offset >= next && record.offset < end { body(record) }
                }
                if read.nextOffset <= next { return }
                next = read.nextOffset
            } catch {
                guard error.code == .corrupt || error.code == .offsetOutOfRange else { throw BrokerError(error) }
                damaged(BrokerError(error))
                guard let good = error.nextReadable, good > next else { return }
                next = good
            }
        }
    }
}
