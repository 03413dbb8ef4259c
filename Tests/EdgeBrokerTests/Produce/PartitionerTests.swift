import RecordFormat
import Testing

@testable import EdgeBroker

@Suite("The partitioner")
struct PartitionerTests {
    @Test(
        "hashes keys as Kafka's clients do",
        arguments: [
            // Made with kafka-clients 4.3: Utils.murmur2.
            ("", 275_646_681), ("a", -1_563_381_124), ("ab", 316_155_434), ("abc", 479_470_107),
            ("WO-4711", 677_989_028), ("wartung-äöü", 1_366_922_450), ("a-little-bit-long-string", -985_981_536),
            ("0123456789abcdef", 1_438_427_052),
        ] as [(String, Int32)])
    func golden(key: String, expected: Int32) {
        #expect(Array(key.utf8).withUnsafeBytes(Murmur2.hash) == UInt32(bitPattern: expected))
    }

    @Test("hashes bytes above 127 as Java's unsigned ones")
    func highBytes() {
        let bytes: [UInt8] = [0xff, 0x80, 0, 1, 0xfe]
        #expect(bytes.withUnsafeBytes(Murmur2.hash) == UInt32(bitPattern: -173_560_464))
    }

    @Test("sends a key to the partition that Kafka's producer chooses")
    func keys() {
        #expect(Partitioner.partition(forKey: Array("a".utf8), of: 3) == 1)
        #expect(Partitioner.partition(forKey: Array("a".utf8), of: 12) == 4)
        #expect(Partitioner.partition(forKey: Array("WO-4711".utf8), of: 12) == 8)
    }

    @Test("keeps records without a key together until their batch is sent, then takes another partition")
    func sticky() {
        let numbers = SeededNumbers(7)
        var partitioner = Partitioner(random: { numbers.next() })
        let record = Record(key: nil, value: nil)
        let first = partitioner.partition(for: record, in: "orders", of: 5)
        for _ in 0..<20 { #expect(partitioner.partition(for: record, in: "orders", of: 5) == first) }
        for _ in 0..<50 {
            let before = partitioner.partition(for: record, in: "orders", of: 5)
            partitioner.moveOn(from: before, of: "orders", count: 5)
            let after = partitioner.partition(for: record, in: "orders", of: 5)
            #expect(after != before && (0..<5).contains(after))
        }
    }
}
