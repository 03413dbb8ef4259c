import KafkaWire

extension WireUUID {
    /// 16 bytes, the most significant first.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == 16, "An id of \(bytes.count) bytes")
        self.init(
            high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }, low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }

    var bytes: [UInt8] {
        [high, low].flatMap { word in stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }
}
