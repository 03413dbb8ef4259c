import LogStore
import RecordFormat

/// What `__consumer_offsets` says, read once when the broker is opened.
struct ConsumerOffsetsReplay {
    private(set) var offsets = OffsetTable()
    /// The newest of each group; deleted ones are not there.
    private(set) var groups: [String: GroupMetadata] = [:]
    /// Those in the consumer protocol.
    private(set) var consumerGroups: [String: ConsumerGroupContents] = [:]
    /// What could not be read.
    private(set) var notes: [String] = []

    /// Reads the topic, if there is one. Blocking.
    init(_ catalogue: TopicCatalogue) throws(BrokerError) {
        guard let partition = catalogue.topic(OffsetCommitRecord.topic)?.partitions.first else { return }
        var next = partition.logStart
        let end = partition.syncedEnd
        var decoder = RecordDecoder()
        while next < end {
            do throws(LogStoreError) {
                let reached = try catalogue.directory.read(partition, from: next, upTo: end, maxBytes: 1 << 20) {
                    add($0, $1, &decoder)
                }
                if reached <= next { return }
                next = reached
            } catch {
                guard error.code == .corrupt || error.code == .offsetOutOfRange else { throw BrokerError(error) }
                notes.append(error.message)
                guard let good = error.nextReadable, good > next else { return }
                next = good
            }
        }
    }

    private mutating func add(
        _ header: RecordBatchHeader, _ batch: UnsafeRawBufferPointer, _ decoder: inout RecordDecoder
    ) {
        if header.attributes.isControl {
            guard let marker = TransactionMarker(of: batch) else { return }
            return offsets.complete(producerID: header.producerID, isCommitted: marker.kind == .commit)
        }
        do throws(RecordFormatError) {
            for stored in try decoder.records(of: batch) { add(stored, header) }
        } catch {
            notes.append("\(OffsetCommitRecord.topic) offset \(header.baseOffset) does not decode: \(error)")
        }
    }

    private mutating func apply(_ record: ConsumerGroupRecord) {
        if case .epoch(let group, let value) = record {
            if value == nil {
                consumerGroups[group] = nil
                return
            }
            groups[group] = nil
        }
        // A tombstone of a group that is gone begins none.
        if record.value == nil, consumerGroups[record.group] == nil { return }
        consumerGroups[record.group, default: ConsumerGroupContents()].apply(record)
    }

    private mutating func add(_ stored: StoredRecord, _ header: RecordBatchHeader) {
        switch GroupRecord.decode(key: stored.record.key, value: stored.record.value) {
        case .record(.offset(let record)):
            if header.attributes.isTransactional {
                offsets.applyPending(record, producerID: header.producerID, at: stored.offset)
            } else {
                offsets.apply(record, at: stored.offset)
            }
        case .record(.group(let record)):
            groups[record.group] = record.metadata
            // A group is of the protocol that it was written in last.
            if record.metadata != nil { consumerGroups[record.group] = nil }
        case .record(.consumerGroup(let record)): apply(record)
        case .other: break
        case .malformed:
            notes.append("\(OffsetCommitRecord.topic) offset \(stored.offset) is neither an offset nor a group.")
        }
    }
}
