/// 128 bits that stand for a record's key: SipHash-2-4 with its 128-bit output (Aumasson, Bernstein 2012), under a secret of
/// the run.
///
/// Two keys with one digest would make one delete the other's record. By chance that happens once in 2^69 runs over a billion
/// keys, far less often than a rotten batch whose CRC fits. On purpose it cannot be made to happen without the secret,
/// which nobody outside ever sees: that is why it is not Kafka's MD5, for which colliding keys can be bought.
struct KeyDigest: Equatable {
    struct Secret: Sendable {
        let first: UInt64
        let second: UInt64

        init(_ random: () -> UInt64) {
            first = random()
            second = random()
        }
    }

    let high: UInt64
    let low: UInt64

    init(_ key: UnsafeRawBufferPointer, _ secret: Secret) {
        var state = State(secret)
        var position = 0
        while key.count - position >= 8 {
            state.absorb(UInt64(littleEndian: key.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
        }
        var last = UInt64(truncatingIfNeeded: key.count) << 56
        for (place, byte) in key[position...].enumerated() { last |= UInt64(byte) << UInt64(8 * place) }
        state.absorb(last)
        (low, high) = state.finish()
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        init(_ secret: Secret) {
            v0 = secret.first ^ 0x736f_6d65_7073_6575
            v1 = secret.second ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = secret.first ^ 0x6c79_6765_6e65_7261
            v3 = secret.second ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> (UInt64, UInt64) {
            v2 ^= 0xee
            for _ in 0..<4 { round() }
            let first = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            for _ in 0..<4 { round() }
            return (first, v0 ^ v1 ^ v2 ^ v3)
        }
    }
}
