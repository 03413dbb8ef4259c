import KafkaWire
import Testing

@Suite("Bytes that claim more than they are")
struct HostileBytesTests {
    @Test(
        "are refused before memory is taken for them",
        arguments: [
            // Counts of 2^31-1 and 2^31-2, and a compact one of 2^32-2.
            ("7fffffff", false), ("7ffffffe 00", false), ("ffffffff0f 00", true),
        ])
    func counts(text: String, isFlexible: Bool) throws {
        let given = try bytes(text)
        for isRefused in [
            defect { () throws(WireError) in try decode([Int64].self, from: given, isFlexible: isFlexible) },
            defect { () throws(WireError) in try decode([String].self, from: given, isFlexible: isFlexible) },
            defect { () throws(WireError) in try decode([[Int8]].self, from: given, isFlexible: isFlexible) },
            defect { () throws(WireError) in
                try decode([Produce.Request.Topic].self, from: given, isFlexible: isFlexible)
            },
        ] {
            guard case .tooManyElements = isRefused else {
                Issue.record("\(text): \(String(describing: isRefused))")
                continue
            }
        }
        let asBytes = defect { () throws(WireError) in try decode([UInt8].self, from: given, isFlexible: isFlexible) }
        let asRecords = defect { () throws(WireError) in
            try decode(RecordsRange.self, from: given, isFlexible: isFlexible)
        }
        guard case .endsEarly = asBytes, case .endsEarly = asRecords else {
            Issue.record("\(text): \(String(describing: asBytes)), \(String(describing: asRecords))")
            return
        }
    }

    @Test("are refused when the smallest elements there can be do not fit")
    func smallestElements() throws {
        // Each string has at least two bytes, so that four of them cannot be in seven.
        let strings = try bytes("00000004 00000000000000")
        #expect(
            defect { () throws(WireError) in try decode([String].self, from: strings) }
                == .tooManyElements(4, bytesLeft: 7))
        // A topic of version 13 has 18 bytes: an id, no partitions, no tags.
        let topics = try bytes("03") + [UInt8](repeating: 0, count: 35)
        #expect(
            defect { () throws(WireError) in
                try decode([Produce.Request.Topic].self, from: topics, isFlexible: true, version: 13)
            } == .tooManyElements(2, bytesLeft: 35))
    }

    @Test("are refused when all arrays together have too many elements")
    func elements() throws {
        let lists = try bytes("00000002 00000003 010203 00000003 010203")
        #expect(try decode([[Int8]].self, from: lists, limits: WireLimits(elements: 8)).count == 2)
        #expect(
            defect { () throws(WireError) in try decode([[Int8]].self, from: lists, limits: WireLimits(elements: 7)) }
                == .elementLimit)
    }

    @Test("have no length below null")
    func negative() throws {
        let lengths = try (bytes("fffe"), bytes("fffffffe"))
        #expect(defect { () throws(WireError) in try decode(String.self, from: lengths.0) } == .negativeLength(-2))
        #expect(defect { () throws(WireError) in try decode([Int8].self, from: lengths.1) } == .negativeLength(-2))
        #expect(defect { () throws(WireError) in try decode([UInt8].self, from: lengths.1) } == .negativeLength(-2))
        #expect(
            defect { () throws(WireError) in try decode(RecordsRange.self, from: lengths.1) } == .negativeLength(-2))
    }

    @Test("have no varint of more than 32 bits", arguments: ["ffffffff10", "ffffffffff00", "8080808080"])
    func varints(text: String) throws {
        let given = try bytes(text)
        #expect(
            defect { () throws(WireError) in try decode(String.self, from: given, isFlexible: true) } == .varintTooLarge
        )
    }

    @Test("have no string that an int16 could not count, nor one that is not UTF-8")
    func strings() throws {
        let long = try bytes("818002") + [UInt8](repeating: 0x61, count: 32_768)
        #expect(
            defect { () throws(WireError) in try decode(String.self, from: long, isFlexible: true) }
                == .tooLong(32_768, limit: 32_767))
        #expect(defect { () throws(WireError) in try decode(String.self, from: [0, 1, 0xff]) } == .invalidUTF8)
        let text = String(repeating: "x", count: 32_768)
        for isFlexible in [false, true] {
            #expect(
                defect { () throws(WireError) in try encode(text, isFlexible: isFlexible) }
                    == .tooLong(32_768, limit: 32_767))
        }
    }

    @Test("tell where they are wrong, in which message, and what to do")
    func message() throws {
        let given = try bytes("0001 67 00000007 fffe")
        let error = #expect(throws: WireError.self) {
            try WireReader.read(given[...]) { reader throws(WireError) in
                _ = try Heartbeat.decodeRequest(from: &reader, version: 3)
            }
        }
        #expect(error?.message == "Heartbeat request v3, byte 9: a length of -2.")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test("of a version that is not offered are not looked at")
    func unsupportedVersion() {
        let refused = defect { () throws(WireError) in
            try WireReader.read([]) { reader throws(WireError) in
                try Produce.decodeRequest(from: &reader, version: 2)
            }
        }
        #expect(refused == .unsupportedVersion(2))
    }
}
