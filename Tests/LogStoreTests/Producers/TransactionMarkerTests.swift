import LogStore
import RecordFormat
import Testing

@Suite("A transaction marker")
struct TransactionMarkerTests {
    @Test("has these bytes", arguments: [(TransactionMarker.Kind.abort, "00000000"), (.commit, "00000001")])
    func golden(kind: TransactionMarker.Kind, key: String) {
        let marker = TransactionMarker(kind, coordinatorEpoch: 0x0102_0304)
        #expect(hex(marker.key) == key && hex(marker.value) == "000001020304")
        #expect(TransactionMarker(key: marker.key, value: marker.value) == marker)
        // Later versions add fields at the end.
        #expect(
            TransactionMarker(key: [0, 1] + marker.key[2...] + [9], value: [0, 1] + marker.value[2...] + [9]) == marker)
    }

    @Test(
        "is none of a type that ends no transaction, of an impossible version, or cut",
        arguments: [
            ([0, 0, 0, 2], [0, 0, 0, 0, 0, 1]), ([0x80, 0, 0, 1], [0, 0, 0, 0, 0, 1]),
            ([0, 0, 0, 1], [0x80, 0, 0, 0, 0, 1]), ([0, 0, 0], [0, 0, 0, 0, 0, 1]), ([0, 0, 0, 1], [0, 0, 0, 0, 0]),
            ([], []),
        ] as [([UInt8], [UInt8])])
    func refused(key: [UInt8], value: [UInt8]) {
        #expect(TransactionMarker(key: key, value: value) == nil)
    }
}
