import LogStore
import RecordFormat

/// Kafka's files beside the segments. Offsets are shown as they are, not relative to the segment's.
enum KafkaFileDump {
    /// Also of a file that is no index of its segment: then entries are out of order.
    static func offsetIndex(_ bytes: [UInt8], _ base: Offset) -> Listing {
        var listing = Listing(["last_offset", "file_position"])
        for entry in chunks(bytes, OffsetIndexEntry.encodedSize) {
            listing.add([
                .integer(base.rawValue &+ number(entry[0..<4])), .integer(number(entry[4..<8])),
            ])
        }
        return listing
    }

    static func timeIndex(_ bytes: [UInt8], _ base: Offset) -> Listing {
        var listing = Listing(["timestamp", "last_offset"])
        for entry in chunks(bytes, TimeIndexEntry.encodedSize) {
            listing.add([.integer(number(entry[0..<8])), .integer(base.rawValue &+ number(entry[8..<12]))])
        }
        return listing
    }

    static func abortedTransactions(_ bytes: [UInt8], _ base: Offset) -> Listing {
        var listing = Listing(["version", "producer_id", "first_offset", "last_offset", "last_stable_offset"])
        for entry in chunks(bytes, AbortedTransaction.encodedSize) {
            listing.add([
                .integer(number(entry[0..<2])), .integer(number(entry[2..<10])), .integer(number(entry[10..<18])),
                .integer(number(entry[18..<26])), .integer(number(entry[26..<34])),
            ])
        }
        return listing
    }

    static func snapshot(_ bytes: [UInt8], _ end: Offset, _ path: String) throws(Failure) -> Listing {
        guard let states = ProducerStates(decodingSnapshot: bytes, of: nil, at: end) else {
            throw damaged(path, "an older one and the log tell the same")
        }
        var listing = Listing([
            "producer_id", "epoch", "last_sequence", "last_offset", "offset_delta", "last_append_time",
            "coordinator_epoch", "transaction_start",
        ])
        for producer in states.producers.values.sorted(by: { $0.id < $1.id }) {
            let last = producer.batches.last
            listing.add([
                .integer(producer.id), .integer(Int64(producer.epoch)),
                last.map { .integer(Int64($0.lastSequence)) } ?? .null,
                last.map { .integer($0.lastOffset.rawValue) } ?? .null,
                last.map { .integer(Int64($0.offsetDelta)) } ?? .null,
                .integer(producer.lastAppendTime.millisecondsSince1970), .integer(Int64(producer.coordinatorEpoch)),
                producer.transactionStart.map { .integer($0.rawValue) } ?? .null,
            ])
        }
        return listing
    }

    static func epochs(_ bytes: [UInt8], _ path: String) throws(Failure) -> Listing {
        guard let epochs = LeaderEpochs(decoding: bytes) else { throw damaged(path, "the log tells the same") }
        var listing = Listing(["epoch", "start_offset"])
        for entry in epochs.entries { listing.add([.integer(Int64(entry.epoch)), .integer(entry.start.rawValue)]) }
        return listing
    }

    static func offsets(_ bytes: [UInt8], _ path: String) throws(Failure) -> Listing {
        guard let checkpoint = OffsetCheckpoint(decoding: bytes) else {
            throw damaged(path, "synced-ends tells the same")
        }
        var listing = Listing(["topic", "partition", "offset"])
        for (name, offset) in checkpoint.offsets.sorted(by: {
            ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition)
        }) {
            listing.add([.text(name.topic), .integer(Int64(name.partition)), .integer(offset.rawValue)])
        }
        return listing
    }

    static func partition(_ bytes: [UInt8], _ path: String) throws(Failure) -> Listing {
        guard let metadata = PartitionMetadata(decoding: bytes) else {
            throw damaged(path, "`log repair` has it back where the folder tells the topic")
        }
        var listing = Listing(["topic_id"])
        listing.add([.text("\(metadata.topicID)")])
        return listing
    }

    static func properties(_ bytes: [UInt8]) -> Listing {
        var listing = Listing(["key", "value"])
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            listing.add([.text(String(line[..<equals])), .text(String(line[line.index(after: equals)...]))])
        }
        return listing
    }

    private static func damaged(_ path: String, _ remedy: String) -> Failure {
        Failure(.unusableData, "\(path) is damaged; \(remedy).")
    }

    /// Whole entries; what is left at the end is none.
    private static func chunks(_ bytes: [UInt8], _ size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { Array(bytes[$0..<($0 + size)]) }
    }

    /// Big-endian, with its sign.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        let value = bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let shift = 64 - 8 * bytes.count
        return (value << shift) >> shift
    }
}
