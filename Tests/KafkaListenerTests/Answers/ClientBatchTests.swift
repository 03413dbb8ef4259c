import KafkaWire
import RecordFormat
import Testing

@testable import KafkaListener

@Suite("A client's record batch")
struct ClientBatchTests {
    private var batch: [UInt8] {
        var builder = RecordBatchBuilder()
        for number in 0..<3 { builder.append(Record(key: "k\(number)", value: [1, 2, 3], timestamp: .none)) }
        return builder.finish()
    }

    /// With a CRC that fits again.
    private func changed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = batch
        change(&bytes)
        let crc = bytes[21...].withUnsafeBytes { crc32c(UnsafeRawBufferPointer($0)) }
        withUnsafeBytes(of: crc.bigEndian) { bytes.replaceSubrange(17..<21, with: $0) }
        return bytes
    }

    @Test("is taken as it is")
    func sound() { #expect(ClientBatch.refusal(of: batch) == nil) }

    @Test("with any bit flipped of its checksum, or of what that covers, is corrupt: it can be sent again")
    func flipped() {
        for byte in 17..<batch.count {
            for bit in 0..<8 {
                var bytes = batch
                bytes[byte] ^= 1 << bit
                #expect(ClientBatch.refusal(of: bytes) == .corruptMessage, "bit \(bit) of byte \(byte)")
            }
        }
    }

    @Test("with a base offset, behind another batch, cut short, or of nothing is invalid")
    func invalid() {
        var offset = batch
        offset[7] = 1
        #expect(ClientBatch.refusal(of: offset) == .invalidRecord)
        #expect(ClientBatch.refusal(of: batch + batch) == .invalidRecord)
        for count in [0, 1, 11, 60, 61, batch.count - 1] {
            #expect(ClientBatch.refusal(of: Array(batch.prefix(count))) == .invalidRecord, "\(count) bytes")
        }
    }

    @Test("that says it is a control batch, or has the broker's time, is refused")
    func attributes() {
        #expect(ClientBatch.refusal(of: changed { $0[22] |= 0x20 }) == .invalidRecord)
        #expect(ClientBatch.refusal(of: changed { $0[22] |= 0x08 }) == .invalidTimestamp)
    }

    @Test("whose records do not decode is invalid, although its CRC fits")
    func records() {
        #expect(ClientBatch.refusal(of: changed { $0[61] = 0x7f }) == .invalidRecord)
        // Counts more offsets than records.
        #expect(ClientBatch.refusal(of: changed { $0[26] = 9 }) == .invalidRecord)
    }
}
