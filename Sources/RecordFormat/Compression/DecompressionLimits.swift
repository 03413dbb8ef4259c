/// How much the records of one batch may become when they are decompressed. A few hundred bytes from a hostile or broken
/// producer can stand for gigabytes; these limits hold before memory is taken and while it fills.
package struct DecompressionLimits: Equatable, Sendable {
    /// Bytes that no batch's records may exceed. Eight times the largest batch that a broker usually takes (16 MiB): real
    /// records shrink to an eighth at best.
    package var maxBytes = 128 << 20
    /// How many times larger than its compressed bytes a batch's records may be, once they exceed ``freeBytes``. gzip cannot
    /// do more than 1,032; more is only reached by long runs of one byte.
    package var maxRatio = 1000
    /// Bytes that are allowed at any ratio: a batch of equal records must not be refused for being easy to compress.
    package var freeBytes = 4 << 20

    package init() {}

    package init(maxBytes: Int, maxRatio: Int, freeBytes: Int) {
        precondition(maxBytes >= 0 && maxRatio > 0 && freeBytes >= 0, "Limits \(maxBytes), \(maxRatio), \(freeBytes)")
        self.maxBytes = maxBytes
        self.maxRatio = maxRatio
        self.freeBytes = freeBytes
    }

    /// Bytes that may come out of as many compressed ones.
    func bytes(from compressedCount: Int) -> Int {
        let (byRatio, overflows) = compressedCount.multipliedReportingOverflow(by: maxRatio)
        return min(maxBytes, max(freeBytes, overflows ? Int.max : byRatio))
    }
}
