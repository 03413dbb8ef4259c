import RecordFormat

/// The value of an index record. The record's key is null. Big-endian; *text* is UTF-8 behind a 2-byte length.
///
/// Valid when it ends with its last field, and every range has `0 ≤ start ≤ end`.
///
/// | at | size | field     | meaning                                                                               |
/// |---:|-----:|:----------|:--------------------------------------------------------------------------------------|
/// |  0 |    1 | `version` | 1                                                                                     |
/// |  1 |    1 | `kind`    | 1 intent, 2 snapshot-begin, 3 snapshot-chunk, 4 snapshot-end, 5 commit, 6 position, 7 relation, 8 checkpoint |
///
/// | kind           | what follows                                                                                         |
/// |:---------------|:-----------------------------------------------------------------------------------------------------|
/// | intent         | slot (text), systemID (text), timeline:4                                                             |
/// | snapshot-begin | id:8, consistentPoint:8, count:4, count × topic (text)                                               |
/// | snapshot-chunk | id:8, ranges                                                                                         |
/// | snapshot-end   | id:8, consistentPoint:8                                                                              |
/// | commit         | commitLSN:8, endLSN:8, transactionID:4, commitTime:8 (µs since 1970), ranges                         |
/// | position       | endLSN:8                                                                                             |
/// | relation       | topic (text), length:4, description                                                                  |
/// | checkpoint     | flags:1, intent's fields if 1 is set, position:8 if 2 is set, snapshot:1 (0 none; 1 unfinished, id:8; 2 finished), relations, ends |
/// | *relations*    | count:4, count × { topic (text), length:4, description }                                             |
/// | *ends*         | count:4, count × { topic (text), partition:4, end:8 }, none negative                                 |
/// | *ranges*       | count:4, count × { topic (text), partition:4, start:8, end:8 }                                       |
extension TransactionIndexRecord {
    private static let version: UInt8 = 1

    private enum Kind: UInt8 {
        case intent = 1, snapshotBegin, snapshotChunk, snapshotEnd, commit, position, relation, checkpoint
    }

    package var encoded: [UInt8] {
        var writer = BinaryWriter()
        writer.append(Self.version)
        switch self {
        case .intent(let intent):
            writer.append(Kind.intent.rawValue)
            writer.append(text: intent.slot)
            writer.append(text: intent.systemID)
            writer.append(intent.timeline)
        case .snapshotBegin(let id, let topics, let consistentPoint):
            writer.append(Kind.snapshotBegin.rawValue)
            writer.append(id)
            writer.append(consistentPoint.rawValue)
            writer.append(UInt32(topics.count))
            for topic in topics { writer.append(text: topic) }
        case .snapshotChunk(let id, let ranges):
            writer.append(Kind.snapshotChunk.rawValue)
            writer.append(id)
            writer.append(ranges)
        case .snapshotEnd(let id, let consistentPoint):
            writer.append(Kind.snapshotEnd.rawValue)
            writer.append(id)
            writer.append(consistentPoint.rawValue)
        case .commit(let commit):
            writer.append(Kind.commit.rawValue)
            writer.append(commit.commitLSN.rawValue)
            writer.append(commit.endLSN.rawValue)
            writer.append(commit.transactionID)
            writer.append(commit.commitTime)
            writer.append(commit.ranges)
        case .position(let endLSN):
            writer.append(Kind.position.rawValue)
            writer.append(endLSN.rawValue)
        case .relation(let topic, let description):
            writer.append(Kind.relation.rawValue)
            writer.append(text: topic)
            writer.append(UInt32(description.count))
            writer.append(bytes: description)
        case .checkpoint(let checkpoint):
            writer.append(Kind.checkpoint.rawValue)
            writer.append(checkpoint)
        }
        return writer.bytes
    }

    /// Whether a value is a checkpoint's, without the work of decoding it.
    static func isCheckpoint(_ bytes: [UInt8]) -> Bool {
        bytes.count > 2 && bytes[0] == version && bytes[1] == Kind.checkpoint.rawValue
    }

    /// - Throws: `.corrupt` if the bytes are no index record; `.newerFormat` for a version or kind of a later release.
    package init(decoding bytes: [UInt8]) throws(BrokerError) {
        var reader = BinaryReader(bytes)
        let version: UInt8 = reader.next()
        let kind: UInt8 = reader.next()
        guard reader.isGood else { throw Self.corrupt(bytes) }
        guard version == Self.version, let kind = Kind(rawValue: kind) else {
            throw BrokerError(
                .newerFormat, "A transaction index record has version \(version) and kind \(kind).",
                remedy: "Start the newer edgebroker that wrote it.")
        }
        self = Self.decode(kind, &reader)
        guard reader.isAtEnd else { throw Self.corrupt(bytes) }
    }

    private static func decode(_ kind: Kind, _ reader: inout BinaryReader) -> TransactionIndexRecord {
        switch kind {
        case .intent:
            return .intent(SourceIntent(slot: reader.nextText(), systemID: reader.nextText(), timeline: reader.next()))
        case .snapshotBegin:
            let id: UInt64 = reader.next()
            let point = LSN(reader.next(UInt64.self))
            let count = reader.nextCount(smallest: 2)
            return .snapshotBegin(id: id, topics: (0..<count).map { _ in reader.nextText() }, consistentPoint: point)
        case .snapshotChunk:
            return .snapshotChunk(id: reader.next(), ranges: reader.nextRanges())
        case .snapshotEnd:
            return .snapshotEnd(id: reader.next(), consistentPoint: LSN(reader.next(UInt64.self)))
        case .commit:
            return .commit(
                CommitRecord(
                    commitLSN: LSN(reader.next(UInt64.self)), endLSN: LSN(reader.next(UInt64.self)),
                    transactionID: reader.next(), commitTime: reader.next(), ranges: reader.nextRanges()))
        case .position:
            return .position(endLSN: LSN(reader.next(UInt64.self)))
        case .relation:
            let topic = reader.nextText()
            let count = reader.nextCount(smallest: 1)
            return .relation(topic: topic, description: reader.next(count: count))
        case .checkpoint:
            return .checkpoint(reader.nextCheckpoint())
        }
    }

    private static func corrupt(_ bytes: [UInt8]) -> BrokerError {
        BrokerError(
            .corrupt, "A transaction index record of \(bytes.count) bytes does not decode.",
            remedy: "Run `edgebroker log verify` to see what is damaged.")
    }
}

extension BinaryWriter {
    fileprivate mutating func append(_ ranges: [TopicRange]) {
        append(UInt32(ranges.count))
        for range in ranges {
            append(text: range.topic)
            append(range.partition)
            append(range.start.rawValue)
            append(range.end.rawValue)
        }
    }
}

extension BinaryReader {
    /// A count that the bytes left can hold, so that no memory is taken for a lie.
    mutating func nextCount(smallest: Int) -> Int {
        let count = Int(next(UInt32.self))
        if count > bytesLeft / smallest {
            spoil()
            return 0
        }
        return count
    }

    fileprivate mutating func nextRanges() -> [TopicRange] {
        (0..<nextCount(smallest: 22)).map { _ in
            let range = TopicRange(
                topic: nextText(), partition: next(), start: Offset(next(Int64.self)), end: Offset(next(Int64.self)))
            if range.start.rawValue < 0 || range.end < range.start { spoil() }
            return range
        }
    }
}
