import LogStore
import RecordFormat

extension FuzzTarget {
    /// Kafka's checkpoint files. Bit 0 of the first byte: offsets of partitions; else `leader-epoch-checkpoint`.
    static let checkpoints = FuzzTarget("checkpoints", longest: 512) {
        [
            Seed("leader-epochs", Array("0\n3\n0 0\n2 17\n5 4711\n".utf8)), Seed("no-epoch", Array("0\n0\n".utf8)),
            Seed("offsets", choices: 1, Array("0\n2\norders 0 17\norders 1 4711\n".utf8)),
            Seed("no-offset", choices: 1, Array("0\n0\n".utf8)),
            Seed("non-ascii", choices: 1, Array("0\n1\nö\u{600}x 0 17\n".utf8)),
        ]
    } laws: { input throws(BrokenLaw) in
        if input.has(0) {
            guard let checkpoint = OffsetCheckpoint(decoding: input.bytes) else { return false }
            try demandRoundTrip(checkpoint, encoded: checkpoint.encoded) { OffsetCheckpoint(decoding: $0) }
            try demand(
                checkpoint.offsets.allSatisfy { $0.key.partition >= 0 && $0.value >= .zero },
                "\(checkpoint) has a negative number")
            return true
        }
        guard let epochs = LeaderEpochs(decoding: input.bytes) else { return false }
        try demandRoundTrip(epochs, encoded: epochs.encoded) { LeaderEpochs(decoding: $0) }
        try checkEpochs(epochs)
        return true
    }

    private static func checkEpochs(_ epochs: LeaderEpochs) throws(BrokenLaw) {
        try checkRising(epochs, "as they were read")
        for entry in epochs.entries.prefix(4) {
            for offset in [entry.start, Offset(entry.start.rawValue / 2)] {
                var changed = epochs
                changed.truncate(to: offset)
                try checkRising(changed, "cut to \(offset)")
                try demand(changed.entries.allSatisfy { $0.start < offset }, "\(changed) was cut to \(offset)")
                changed = epochs
                changed.advance(to: offset)
                try checkRising(changed, "from \(offset) on")
                try demand(changed.latest == epochs.latest, "The latest epoch went with a deletion")
                changed = epochs
                changed.note(Int32.max, at: offset)
                try checkRising(changed, "with one more at \(offset)")
            }
            let end = epochs.end(of: entry.epoch, logEnd: Offset(Int64.max))
            try demand(end?.epoch == entry.epoch, "\(epochs) does not know epoch \(entry.epoch)")
            try demand(
                end.map { $0.end > entry.start || entry.start.rawValue == .max } == true,
                "\(entry) ends before it begins")
        }
    }

    private static func checkRising(_ epochs: LeaderEpochs, _ what: String) throws(BrokenLaw) {
        try demand(
            zip(epochs.entries, epochs.entries.dropFirst()).allSatisfy { $0.epoch < $1.epoch && $0.start < $1.start },
            "Epochs do not rise \(what): \(epochs.entries)")
    }
}
