import Testing

@testable import KafkaWire

@Suite("Tagged fields")
struct TaggedFieldTests {
    /// Tags 1 and 3, the second one from version 2 on.
    private struct Sample: WireStruct {
        var one: Int32 = -1
        var three: String?

        mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            var tags = try wire.beginTags()
            try wire.tag(1, &one, default: -1, in: &tags)
            try wire.tag(3, &three, from: 2, in: &tags)
            try wire.endTags(&tags)
        }
    }

    @Test("are written only when they are not the default")
    func written() throws {
        var sample = Sample()
        #expect(try encode(sample, isFlexible: true, version: 2) == [0])
        sample.three = "x"
        #expect(try hex(encode(sample, isFlexible: true, version: 2)) == "01" + "03020278")
        #expect(try encode(sample, isFlexible: true, version: 1) == [0])
        sample.one = 5
        #expect(try hex(encode(sample, isFlexible: true, version: 2)) == "02" + "010400000005" + "03020278")
        #expect(try encode(sample, isFlexible: false, version: 2) == [])
    }

    @Test("that are not known are skipped, before, between and after those that are")
    func unknown() throws {
        let given = try bytes("05" + "0001aa" + "010400000005" + "0200" + "03020278" + "8001 03 bbbbbb")
        let sample = try decode(Sample.self, from: given, isFlexible: true, version: 2)
        #expect((sample.one, sample.three) == (5, "x"))
        let older = try decode(Sample.self, from: given, isFlexible: true, version: 1)
        #expect((older.one, older.three) == (5, nil))
    }

    @Test("may be absent in front of one that is there")
    func absent() throws {
        let sample = try decode(Sample.self, from: bytes("01" + "03020278"), isFlexible: true, version: 2)
        #expect((sample.one, sample.three) == (-1, "x"))
    }

    @Test("are not known at the end of most structures")
    func noneKnown() throws {
        let given = try bytes("00000001 02" + "0001aa" + "0500")
        #expect(try decode(Numbered.self, from: given, isFlexible: true).number == 1)
    }

    private struct Numbered: WireStruct {
        var number: Int32 = 0
        mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&number)
            try wire.tags()
        }
    }

    @Test(
        "have ascending tags, the size they claim, and an end",
        arguments: [
            ("01" + "010000000000", WireError.Defect.tagSize(0)),
            ("02" + "0500" + "0400", .tagOrder(4)),
            ("02" + "0500" + "0500", .tagOrder(5)),
            ("01" + "01050000000500", .tagSize(5)),
            ("01" + "0103000000", .endsEarly(needed: 4, left: 3)),
            ("01" + "097f", .endsEarly(needed: 127, left: 0)),
            ("ffffffff0f", .endsEarly(needed: 1, left: 0)),
        ])
    func refused(text: String, expected: WireError.Defect) throws {
        let given = try bytes(text)
        #expect(
            defect { () throws(WireError) in try decode(Sample.self, from: given, isFlexible: true, version: 2) }
                == expected)
    }
}
