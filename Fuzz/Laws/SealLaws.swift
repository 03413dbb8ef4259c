import LogStore
import RecordFormat

/// The topic whose files these are.
let goldenTopicID: Identifier = {
    guard let id = Identifier(Array(1...16)) else { preconditionFailure("Sixteen bytes are an identifier") }
    return id
}()

extension FuzzTarget {
    /// `.seal`. Bit 0 of the first byte: the checksum is left as it is.
    static let seal = FuzzTarget("seal", longest: 128) {
        var seal = SegmentSeal(
            topicID: goldenTopicID, partition: 3, logChecksum: 0xDEAD_BEEF, baseOffset: Offset(17),
            nextOffset: Offset(34), logSize: 4711, smallestAppendTime: Timestamp(millisecondsSince1970: 7),
            largestAppendTime: Timestamp(millisecondsSince1970: 8))
        let bare = seal.encoded
        seal.indexes = SegmentSeal.Indexes(
            checksum: 0xC0FF_EE11, largestTimestamp: Timestamp(millisecondsSince1970: 9), hasProducers: true)
        seal.fingerprint = SegmentFingerprint(firstBatch: 0x0A0B_0C0D, lastBatch: 0x0E0F_1011, lastSize: 18)
        seal.isCompacted = true
        var first = Array(bare.prefix(72))
        first.put(UInt16(1), at: 4)
        return [
            Seed("bare", bare), Seed("full", seal.encoded), Seed("as-it-is", choices: 1, seal.encoded),
            Seed("first-version", first),
        ]
    } laws: { input throws(BrokenLaw) in
        guard let seal = SegmentSeal(decoding: input.checksummed(at: 0)) else { return false }
        try demandRoundTrip(seal, encoded: seal.encoded) { SegmentSeal(decoding: $0) }
        try demand(
            seal.logSize >= 0 && seal.baseOffset >= .zero && seal.nextOffset >= seal.baseOffset
                && seal.smallestAppendTime <= seal.largestAppendTime, "\(seal) has its bounds the wrong way round")
        return true
    }

    /// `.gap`. Bit 0 of the first byte: the checksum is left as it is.
    static let knownGap = FuzzTarget("known-gap", longest: 256) {
        let gap = KnownGap(
            topicID: goldenTopicID, partition: 0, offsets: Offset(5)..<Offset(9),
            time: Timestamp(millisecondsSince1970: GoldenBatches.start), cause: "the CRC did not fit, äöü")
        return [Seed("gap", gap.encoded), Seed("as-it-is", choices: 1, gap.encoded)]
    } laws: { input throws(BrokenLaw) in
        guard let gap = KnownGap(decoding: input.checksummed(at: 0)) else { return false }
        try demandRoundTrip(gap, encoded: gap.encoded) { KnownGap(decoding: $0) }
        try demand(!gap.offsets.isEmpty && gap.offsets.lowerBound >= .zero, "\(gap) has no offsets")
        return true
    }
}
