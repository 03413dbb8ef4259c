import KafkaWire
import Testing

@Suite("A primitive type")
struct PrimitiveTests {
    @Test("of fixed size is big-endian")
    func fixed() throws {
        try expect(Int8(-2), "fe")
        try expect(Int16(-2), "fffe")
        try expect(Int32(0x0102_0304), "01020304")
        try expect(Int64(0x0102_0304_0506_0708), "0102030405060708")
        try expect(true, "01")
        try expect(false, "00")
        try expect(1.5, "3ff8000000000000")
        try expect(WireUUID(high: 0x0102_0304_0506_0708, low: 0xff), "0102030405060708 00000000000000ff")
        try expect(ErrorCode.unsupportedVersion, "0023")
    }

    @Test("of variable size has a length in front of it, the same for bytes as for an array")
    func variable() throws {
        try expect("aü", "0003 61c3bc", flexible: "04 61c3bc")
        try expect("", "0000", flexible: "01")
        try expect([1, 2] as [UInt8], "00000002 0102", flexible: "03 0102")
        try expect([1, 2] as [Int32], "00000002 00000001 00000002", flexible: "03 00000001 00000002")
        try expect([[]] as [[Int8]], "00000001 00000000", flexible: "02 01")
    }

    @Test("that may be null says so by its length, but only in versions that know it")
    func null() throws {
        try expect(Maybe<String>(nil), "ffff", flexible: "00", version: 1)
        try expect(Maybe<[Int32]>(nil), "ffffffff", flexible: "00", version: 1)
        try expect(Maybe<[UInt8]>([]), "00000000", flexible: "01", version: 1)
        try expect(Maybe<RecordsRange>(nil), "ffffffff", flexible: "00", version: 1)
        #expect(defect { () throws(WireError) in try decode(Maybe<String>.self, from: [0xff, 0xff]) } == .null)
        #expect(defect { () throws(WireError) in try encode(Maybe<String>(nil)) } == .null)
        #expect(defect { () throws(WireError) in try decode(String.self, from: [0xff, 0xff]) } == .null)
        let null = [UInt8](repeating: 0xff, count: 4)
        #expect(defect { () throws(WireError) in try decode([Int8].self, from: null) } == .null)
    }

    @Test(
        "of more than 127 bytes has its compact length in as many bytes as that takes",
        arguments: [126, 127, 128, 16_383, 16_384])
    func longLengths(count: Int) throws {
        let text = String(repeating: "x", count: count)
        let encoded = try encode(text, isFlexible: true)
        #expect(encoded.count == count + (count + 1 < 128 ? 1 : count + 1 < 16_384 ? 2 : 3))
        #expect(try decode(String.self, from: encoded, isFlexible: true) == text)
    }

    @Test("that is a truth is true for any byte but 0")
    func truth() throws {
        #expect(try decode(Bool.self, from: [2]))
    }

    @Test("that is an error code is an unknown error if we do not know it")
    func unknownErrorCode() throws {
        #expect(try decode(ErrorCode.self, from: [0x7f, 0xff]) == .unknownServerError)
    }

    @Test(
        "that is a UUID is written as Kafka writes it",
        arguments: [
            (WireUUID.zero, "AAAAAAAAAAAAAAAAAAAAAA"),
            (WireUUID(high: .max, low: .max), "_____________________w"),
            (WireUUID(high: 0x1234_5678_9abc_def1, low: 0xffff_ffff_ffff_ffff), "EjRWeJq83vH__________w"),
        ])
    func uuid(uuid: WireUUID, text: String) {
        #expect(uuid.description == text)
    }

    private func expect<Value: WireValue>(
        _ value: Value, _ expected: String, flexible: String? = nil, version: Int16 = 0
    ) throws {
        for (isFlexible, text) in [(false, expected), (true, flexible ?? expected)] {
            let form = try bytes(text)
            #expect(try encode(value, isFlexible: isFlexible, version: version) == form)
            #expect(try decode(Value.self, from: form, isFlexible: isFlexible, version: version) == value)
        }
    }
}
