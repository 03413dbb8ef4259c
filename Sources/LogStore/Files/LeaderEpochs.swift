package import RecordFormat

/// At which offset each leader epoch of a partition began: `leader-epoch-checkpoint`, a ``CheckpointText`` with an entry
/// `epoch startOffset` for each, both rising.
///
/// With it a client that was told an epoch finds out whether the log was cut behind it.
package struct LeaderEpochs: Sendable, Equatable {
    package static let fileName = "leader-epoch-checkpoint"
    /// Against a damaged size: more unclean starts than there will be. A larger file is not read.
    package static let sizeLimit = 1 << 20

    package struct Entry: Sendable, Equatable {
        package let epoch: Int32
        package var start: Offset
    }

    /// Oldest first.
    package private(set) var entries: [Entry] = []

    package init() {}

    package var latest: Int32? { entries.last?.epoch }

    /// Notes the epoch of a batch that is appended at `start`.
    /// - Returns: whether it is the epoch's first, and the file must be written.
    @discardableResult
    package mutating func note(_ epoch: Int32, at start: Offset) -> Bool {
        guard epoch >= 0, epoch > latest ?? -1 else { return false }
        // Epochs of which nothing is left, because the log was cut back to where they began or before.
        entries.removeAll { $0.start >= start }
        entries.append(Entry(epoch: epoch, start: start))
        return true
    }

    /// Forgets epochs that began at or past `end`, where the log is cut.
    /// - Returns: whether there were any, and the file must be written.
    @discardableResult
    package mutating func truncate(to end: Offset) -> Bool {
        let before = entries.count
        entries.removeAll { $0.start >= end }
        return entries.count != before
    }

    /// Forgets epochs that ended at or below `logStart`; the one that holds it begins there.
    /// - Returns: whether something changed, and the file must be written.
    @discardableResult
    package mutating func advance(to logStart: Offset) -> Bool {
        guard let first = entries.first, first.start < logStart else { return false }
        let last = entries.lastIndex { $0.start <= logStart } ?? 0
        entries.removeFirst(last)
        entries[0].start = logStart
        return true
    }

    /// Where `epoch` ended: what Kafka answers to OffsetForLeaderEpoch.
    /// - Returns: the largest epoch at or below it, and the offset after its last; `nil` if the epoch is later than every one
    ///   that has written. Of an epoch older than the oldest that is left: itself, and where that begins.
    package func end(of epoch: Int32, logEnd: Offset) -> (epoch: Int32, end: Offset)? {
        guard let latest, epoch >= 0, epoch <= latest else { return nil }
        if epoch == latest { return (epoch, logEnd) }
        guard let next = entries.firstIndex(where: { $0.epoch > epoch }) else { return nil }
        return (next == 0 ? epoch : entries[next - 1].epoch, entries[next].start)
    }

    package var encoded: [UInt8] { CheckpointText.encoded(entries.map { "\($0.epoch) \($0.start)" }) }

    /// - Returns: `nil` if the bytes are no such file, or not all of one.
    package init?(decoding bytes: [UInt8]) {
        guard let lines = CheckpointText.entries(of: bytes, fields: 2) else { return nil }
        for line in lines {
            guard let epoch = Int32(line[0]), let start = Int64(line[1]), epoch > latest ?? -1,
                start > entries.last?.start.rawValue ?? -1
            else { return nil }
            entries.append(Entry(epoch: epoch, start: Offset(start)))
        }
    }
}
