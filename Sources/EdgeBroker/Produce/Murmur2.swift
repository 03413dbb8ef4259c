/// The 32-bit MurmurHash2 by which Kafka's clients spread keys over partitions: the same key must go to the same partition
/// whichever client wrote it (`org.apache.kafka.common.utils.Utils.murmur2`).
enum Murmur2 {
    private static let seed: UInt32 = 0x9747_b28c
    private static let multiplier: UInt32 = 0x5bd1_e995
    private static let shift: UInt32 = 24

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash = seed ^ UInt32(truncatingIfNeeded: bytes.count)
        var position = 0
        while bytes.count - position >= 4 {
            var word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            word &*= multiplier
            word ^= word >> shift
            word &*= multiplier
            hash = (hash &* multiplier) ^ word
            position += 4
        }
        if position < bytes.count {
            for (index, byte) in bytes[position...].enumerated() { hash ^= UInt32(byte) << (8 * UInt32(index)) }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }
}
